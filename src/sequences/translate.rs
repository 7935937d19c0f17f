//! A number in English words is to be written in German, which says what is behind the tens before them: “twenty four” is
//! “vierundzwanzig”, four and twenty.

use super::{Answered, Generator, Make, Setting};

/// The largest number that there are words for here.
const LARGEST: usize = 9999;
/// One number in so many is taken from those below a thousand, which are few among all.
const SMALL_ONE_IN: usize = 4;

/// Up to nineteen. An English word goes with the blank behind it.
const ENGLISH: &[&str] = &[
    "zero ",
    "one ",
    "two ",
    "three ",
    "four ",
    "five ",
    "six ",
    "seven ",
    "eight ",
    "nine ",
    "ten ",
    "eleven ",
    "twelve ",
    "thirteen ",
    "fourteen ",
    "fifteen ",
    "sixteen ",
    "seventeen ",
    "eighteen ",
    "nineteen ",
];
/// From twenty on.
const ENGLISH_TENS: &[&str] =
    &["twenty ", "thirty ", "forty ", "fifty ", "sixty ", "seventy ", "eighty ", "ninety "];
const ENGLISH_POWERS: &[&str] = &["hundred ", "thousand "];
const GERMAN: &[&str] = &[
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
const GERMAN_TENS: &[&str] =
    &["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];
/// One before something else, and what else words are put together with.
const GERMAN_POWERS: &[&str] = &["ein", "und", "hundert", "tausend"];

pub const GENERATOR: Generator = Generator {
    id: "translate",
    title: "Translate",
    blurb: "A number in English words, and then the same number in German, where four and twenty is 24.",
    settings: &[Setting { key: "largest", label: "Largest number", min: 99, max: LARGEST, default: LARGEST }],
    make: Make::Words {
        words: &[&[">", "."], ENGLISH, ENGLISH_TENS, ENGLISH_POWERS, GERMAN, GERMAN_TENS, GERMAN_POWERS],
        make: |settings, random| {
            let all = settings[0] + 1;
            let small = random.below(SMALL_ONE_IN) == 0;
            let number = random.below(if small { all.min(1000) } else { all });
            Answered { question: english(number) + ">", answer: german(number) + "." }
        },
    },
};

/// A number up to 9,999 in words, each with a blank behind it: “one hundred twenty four ”.
pub fn english(number: usize) -> String {
    let mut words = Vec::new();
    for (power, word) in [(1000, ENGLISH_POWERS[1]), (100, ENGLISH_POWERS[0])] {
        match number / power % 10 {
            0 => (),
            digit => words.extend([ENGLISH[digit], word]),
        }
    }
    match number % 100 {
        0 if number > 0 => (),
        rest if rest < ENGLISH.len() => words.push(ENGLISH[rest]),
        rest => {
            words.push(ENGLISH_TENS[rest / 10 - 2]);
            words.extend((rest % 10 > 0).then(|| ENGLISH[rest % 10]));
        }
    }
    words.concat()
}

/// The same in German, one word: “einhundertvierundzwanzig”.
pub fn german(number: usize) -> String {
    let [one, and, hundred, thousand] = [0, 1, 2, 3].map(|at| GERMAN_POWERS[at]);
    let before = |digit: usize| if digit == 1 { one } else { GERMAN[digit] };
    let mut words = Vec::new();
    for (power, word) in [(1000, thousand), (100, hundred)] {
        match number / power % 10 {
            0 => (),
            digit => words.extend([before(digit), word]),
        }
    }
    match number % 100 {
        0 if number > 0 => (),
        rest if rest < GERMAN.len() => words.push(GERMAN[rest]),
        rest => {
            if rest % 10 > 0 {
                words.extend([before(rest % 10), and]);
            }
            words.push(GERMAN_TENS[rest / 10 - 2]);
        }
    }
    words.concat()
}
