//! As much XML as annotations need: elements and texts. Attributes are passed over, and a bare `&` stands for itself, since
//! Make Sense writes it so.

/// Deeper nesting is damage.
const DEEPEST: usize = 64;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    pub name: String,
    /// Of all that is directly in it, without the space around.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child; empty if there is none.
    pub fn said(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| &child.text)
    }
}

/// The outermost element; none of what ends too early.
pub fn parse(text: &str) -> Option<Element> {
    let mut open: Vec<Element> = vec![Element::default()];
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if let Some(inner) = open.last_mut() {
            inner.text.push_str(&plain(&rest[..at]));
        }
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = &after[after.find("-->")? + 3..];
        } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let end = after.find("]]>")?;
            open.last_mut()?.text.push_str(&after[..end]);
            rest = &after[end + 3..];
        } else {
            let end = rest.find('>')?;
            tag(&rest[1..end], &mut open)?;
            rest = &rest[end + 1..];
        }
        if open.len() == 1 && !open[0].children.is_empty() {
            return open.pop()?.children.into_iter().next();
        }
    }
    None
}

fn tag(tag: &str, open: &mut Vec<Element>) -> Option<()> {
    if tag.starts_with(['?', '!']) {
        return Some(());
    }
    if let Some(name) = tag.strip_prefix('/') {
        if open.len() < 2 || open.last()?.name != name.trim() {
            return None;
        }
        return close(open);
    }
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().filter(|name| !name.is_empty())?;
    open.push(Element { name: name.into(), ..Element::default() });
    match () {
        () if open.len() > DEEPEST => None,
        () if tag.ends_with('/') => close(open),
        () => Some(()),
    }
}

fn close(open: &mut Vec<Element>) -> Option<()> {
    let mut done = open.pop()?;
    done.text = done.text.trim().into();
    open.last_mut()?.children.push(done);
    Some(())
}

fn plain(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let letter = part.split_once(';').and_then(|(name, after)| Some((letter(name)?, after)));
        match letter {
            Some((letter, after)) => {
                out.push(letter);
                out.push_str(after);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

fn letter(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        other => {
            let number = other.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            char::from_u32(hex.map_or(number.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?)?
        }
    })
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
