//! As much YAML as `data.yaml` needs: the names of the classes, as a list or by number, and whether there are key points.
//! Names stay as they are written: `yes` is a name.

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Yaml {
    /// By number; numbers may have gaps.
    pub names: Vec<(i64, String)>,
    /// Key points of a thing, and numbers of each.
    pub keypoints: Option<[usize; 2]>,
}

pub fn parse(text: &str) -> Yaml {
    let mut out = Yaml::default();
    let mut within = false;
    for line in text.lines() {
        let plain = without_remark(line);
        if plain.trim().is_empty() {
            continue;
        }
        let inner = plain.starts_with([' ', '\t', '-']);
        let plain = plain.trim();
        if within && inner {
            let next = out.names.last().map_or(0, |(number, _)| number + 1);
            out.names.extend(name(plain, next));
            continue;
        }
        within = false;
        let Some((key, value)) = plain.split_once(':') else { continue };
        match (key.trim(), value.trim()) {
            ("names", "") => within = true,
            ("names", list) => out.names = inline(list),
            ("kpt_shape", list) => {
                let numbers: Vec<usize> = list
                    .trim_matches(['[', ']'])
                    .split(',')
                    .filter_map(|one| one.trim().parse().ok())
                    .collect();
                out.keypoints = <[usize; 2]>::try_from(numbers).ok();
            }
            _ => (),
        }
    }
    out
}

/// What a name's line says: `- cat`, or `3: cat`.
fn name(line: &str, next: i64) -> Option<(i64, String)> {
    if let Some(one) = line.strip_prefix('-') {
        return Some((next, unquoted(one)));
    }
    let (number, one) = line.split_once(':')?;
    Some((number.trim().parse().ok()?, unquoted(one)))
}

/// `[a, b]` or `{0: a, 1: b}` on one line.
fn inline(list: &str) -> Vec<(i64, String)> {
    let numbered = list.starts_with('{');
    let inner = list.trim_matches(['[', ']', '{', '}']);
    let mut parts: Vec<String> = vec![String::new()];
    let mut quote = None;
    for letter in inner.chars() {
        match (quote, letter) {
            (None, ',') => parts.push(String::new()),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => (),
        }
        if (letter != ',' || quote.is_some())
            && let Some(part) = parts.last_mut()
        {
            part.push(letter);
        }
    }
    let one = |(at, part): (usize, String)| match numbered {
        true => name(part.trim(), at as i64),
        false => Some((at as i64, unquoted(&part))),
    };
    parts.into_iter().enumerate().filter_map(one).collect()
}

fn without_remark(line: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') if before.is_whitespace() => return &line[..at],
            (None, '"' | '\'') if before.is_whitespace() || ",[{:".contains(before) => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => (),
        }
        before = letter;
    }
    line
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return match quote {
                '"' => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
                _ => inner.replace("''", "'"),
            };
        }
    }
    text.into()
}

/// A name as it can stand in a list.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
