//! Which decimal mark a column has, told from its values and then from the file's other columns. What nothing decides
//! is asked.

use super::dialect::Sample;
use super::number::parse;

/// A value that can be read in two ways, where nothing in the file says in which.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub column: String,
    pub words: String,
    pub with_comma: f64,
    pub with_point: f64,
}

/// What the values of a column say.
#[derive(Clone, Debug, Default)]
struct Evidence {
    /// Values that read with a decimal comma only, and with a decimal point only.
    comma: usize,
    point: usize,
    /// Values with one mark and three digits after it, with the first of them: “1,234”, “2.155”.
    commas_of_three: usize,
    points_of_three: usize,
    first: Option<String>,
    /// Whole numbers below a thousand, and larger ones in which nothing groups the thousands.
    small: usize,
    ungrouped: usize,
}

impl Evidence {
    fn of<'a>(words: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> Self {
        let mut all = Self::default();
        for words in words.filter(|words| words.len() <= 40) {
            match (parse(&words, true), parse(&words, false)) {
                (Some(_), None) => all.comma += 1,
                (None, Some(_)) => all.point += 1,
                (Some((value, _)), Some(_)) if !words.contains(['.', ',']) => {
                    if value.abs() < 1000.0 {
                        all.small += 1
                    } else {
                        all.ungrouped += 1
                    }
                }
                (Some(_), Some(_)) => {
                    let count =
                        if words.contains(',') { &mut all.commas_of_three } else { &mut all.points_of_three };
                    *count += 1;
                    all.first.get_or_insert_with(|| words.into_owned());
                }
                _ => (),
            }
        }
        all
    }

    /// The values themselves leave no choice.
    fn certain(&self) -> Option<bool> {
        (self.comma != self.point).then_some(self.comma > self.point)
    }

    /// Thousands are grouped in all numbers of a column or in none, and a decimal has its places in all.
    fn likely(&self) -> Option<bool> {
        const ENOUGH: usize = 3;
        let commas = self.commas_of_three >= self.points_of_three;
        match (self.small >= ENOUGH, self.ungrouped > 0) {
            (_, true) => Some(commas),
            (true, false) => Some(!commas),
            _ => None,
        }
    }

    fn is_open(&self) -> bool {
        self.first.is_some() && self.certain().is_none()
    }

    /// Where nothing decides: as programs write numbers; with semicolons, as a country with decimal commas does.
    fn usual(&self, delimiter: char) -> bool {
        delimiter == ';' && self.commas_of_three > 0
    }
}

/// The decimal marks of a file.
pub struct Decimals {
    /// Of most columns.
    pub comma: bool,
    /// Of each.
    pub columns: Vec<bool>,
    /// Whether the column's own values say so.
    pub certain: Vec<bool>,
    pub question: Option<Question>,
}

impl Decimals {
    /// `from`: the first record that is a row.
    pub fn of(sample: &Sample, from: usize, names: &[String], delimiter: char) -> Self {
        let columns: Vec<_> = (0..names.len()).map(|at| Evidence::of(sample.below(from, at))).collect();
        let votes = |comma| columns.iter().filter(|c| c.certain() == Some(comma)).count();
        let (commas, points) = (votes(true), votes(false));
        let file = (commas != points).then_some(commas > points);
        // A guess that goes against the usual is not made without a word.
        let open = |column: &&Evidence| column.is_open() && column.likely() != Some(column.usual(delimiter));
        let open = columns.iter().position(|column| file.is_none() && open(&column));
        let guess = |column: &Evidence| column.likely().unwrap_or(column.usual(delimiter));
        let comma = file.unwrap_or_else(|| match columns.iter().find(|column| column.is_open()) {
            Some(column) => guess(column),
            None => commas > 0 && delimiter == ';',
        });
        let decide = |column: &Evidence| {
            let open = || if column.is_open() { file.unwrap_or_else(|| guess(column)) } else { comma };
            column.certain().unwrap_or_else(open)
        };
        let question = open.and_then(|at| {
            let words = columns[at].first.clone()?;
            let (with_comma, with_point) = (parse(&words, true)?.0, parse(&words, false)?.0);
            Some(Question { column: names[at].clone(), words, with_comma, with_point })
        });
        let certain = columns.iter().map(|column| column.certain().is_some()).collect();
        Self { comma, columns: columns.iter().map(decide).collect(), certain, question }
    }

    /// The visitor said it, for every column.
    pub fn said(comma: bool, columns: usize) -> Self {
        Self { comma, columns: vec![comma; columns], certain: vec![true; columns], question: None }
    }
}
