//! The tokens of a text where some have several letters.

/// Blanks and hyphens between words are not needed, and do no harm.
const BETWEEN: [char; 2] = [' ', '-'];

/// Whether some tokens of a vocabulary have several letters.
pub fn has_words(vocabulary: &[String]) -> bool {
    vocabulary.iter().any(|token| token.chars().nth(1).is_some())
}

/// The tokens that a text is made of, by their places in the vocabulary; the longest first, as far as what follows it can
/// be read, too. A text that is made of no such tokens gives the first of its words that is not.
pub fn tokens_of<T: AsRef<str>>(vocabulary: &[T], text: &str) -> Result<Vec<u32>, String> {
    let text = text.to_lowercase();
    let known: Vec<&str> = vocabulary.iter().map(|token| token.as_ref().trim_end_matches(BETWEEN)).collect();
    read(&known, &text).ok_or_else(|| {
        let mut words = text.split(BETWEEN);
        words.find(|word| read(&known, word).is_none()).unwrap_or(&text).to_string()
    })
}

fn read(known: &[&str], text: &str) -> Option<Vec<u32>> {
    // What is read first from each place, and where it goes on; found from the end.
    let mut steps: Vec<Option<(Option<u32>, usize)>> = vec![None; text.len() + 1];
    steps[text.len()] = Some((None, text.len()));
    for (at, letter) in text.char_indices().rev() {
        let between = at + letter.len_utf8();
        if BETWEEN.contains(&letter) && steps[between].is_some() {
            steps[at] = Some((None, between));
            continue;
        }
        let fits = |(_, token): &(u32, &&str)| {
            !token.is_empty() && text[at..].starts_with(**token) && steps[at + token.len()].is_some()
        };
        let longest = (0..).zip(known).filter(fits).max_by_key(|(_, token)| token.len());
        steps[at] = longest.map(|(id, token)| (Some(id), at + token.len()));
    }
    let (mut at, mut found) = (0, Vec::new());
    while at < text.len() {
        let (id, next) = steps[at]?;
        found.extend(id);
        at = next;
    }
    Some(found)
}
