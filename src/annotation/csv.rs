//! Lines of values between commas, some in double quotes, as labelling tools write them.

/// Empty lines are left out.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => end(&mut rows, &mut row, &mut field),
            '\r' if !quoted => (),
            other => field.push(other),
        }
    }
    end(&mut rows, &mut row, &mut field);
    rows
}

fn end(rows: &mut Vec<Vec<String>>, row: &mut Vec<String>, field: &mut String) {
    row.push(std::mem::take(field));
    let row = std::mem::take(row);
    if row.len() > 1 || !row[0].trim().is_empty() {
        rows.push(row);
    }
}
