//! How likely a text is one that people wrote: which of its letters are common, and where capitals stand. It tells
//! encodings apart, of which all but one give nonsense.

/// Common letters beyond ASCII of the languages with Latin letters, and marks of their typography.
const LATIN: &str = "äöüßÄÖÜéèêàçñíóúáôÉÀ€’“”„–…°²§«»";
/// Those that fewer languages have.
const LATIN_TOO: &str = "âîûëïåøæÅØÆãõ£ěščřžýůťďňŠČŘŽąęłśźżćńŁŚŻőűışğİāēīūģķļņėįų";
const CYRILLIC: &str = "оеаинтслвркдмуя";
const GREEK: &str = "αεητιοςνυάόίέύή";
const HAN: &str = "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都\
                   没日于起发成事只作文无开手十用主行方前所本见面公同三从长北京海市省区东西南名前这個來國們為說時會學對後發開長東高度\
                   級年月男女計数量額本社部田山川村木林井石松原佐藤鈴";
const HANGUL: &str = "이다는에의가을한로고지하서기도를사대은아시인일자정리나라부해구스동전원어제장수네요니특별강남울광역산오름높급";

/// The higher, the likelier; for each byte beyond ASCII between −1 and 1.
pub fn score(text: &str) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    let mut before = ' ';
    // Letters beyond ASCII in a row.
    let mut run = 0;
    for letter in text.chars() {
        if letter.is_ascii() {
            // No word has letters of two alphabets.
            if is_other(before) && letter.is_ascii_alphabetic() {
                sum -= 1.0;
            }
            run = 0;
            before = letter;
            continue;
        }
        run += 1;
        let (value, bytes) = value(letter, run);
        // Capitals stand at the beginning.
        let odd = letter.is_uppercase() && before.is_lowercase()
            || is_other(letter) && before.is_ascii_alphabetic();
        sum += if odd { -1.0 } else { value } * bytes;
        weight += bytes;
        before = letter;
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// Greek or Cyrillic.
fn is_other(letter: char) -> bool {
    matches!(letter, '\u{370}'..='\u{4ff}')
}

/// What a letter says, and the bytes that it stands for.
fn value(letter: char, run: usize) -> (f64, f64) {
    let common = |set: &str, yes, no| if set.contains(letter) { yes } else { no };
    match letter {
        '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => (-1.0, 1.0),
        '\u{400}'..='\u{4ff}' if letter.is_lowercase() => (common(CYRILLIC, 1.0, 0.5), 1.0),
        '\u{400}'..='\u{4ff}' => (0.3, 1.0),
        '\u{370}'..='\u{3ff}' if letter.is_lowercase() => (common(GREEK, 1.0, 0.5), 1.0),
        '\u{370}'..='\u{3ff}' => (0.3, 1.0),
        '\u{3040}'..='\u{30ff}' => (0.9, 2.0),
        '\u{ff61}'..='\u{ff9f}' => (-0.2, 1.0),
        '\u{4e00}'..='\u{9fff}' => (common(HAN, 1.0, 0.4), 2.0),
        '\u{ac00}'..='\u{d7a3}' => (common(HANGUL, 1.0, 0.3), 2.0),
        // Words of Latin letters have hardly three of these in a row.
        _ if run > 2 => (-0.7, 1.0),
        _ if letter.is_alphabetic() => (common(LATIN, 0.8, common(LATIN_TOO, 0.6, -0.2)), 1.0),
        _ => (common(LATIN, 0.4, -0.4), 1.0),
    }
}
