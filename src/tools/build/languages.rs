//! Languages of the page: `www/languages/<code>.po`, which gettext's tools and translators know, each compiled to the
//! table that the page fetches. A sentence that has no translation yet, or a fuzzy one, stays English.

use super::cache;
use crate::tools::Result;
use crate::tools::paths::{self, Places};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What the page carries of a language.
#[derive(Serialize)]
pub struct Listed {
    name: String,
    file: String,
}

/// A folder with every language's table, each named by its content, and what the page carries of them, by code.
pub fn all(places: &Places) -> Result<(PathBuf, BTreeMap<String, Listed>)> {
    let mut listed = BTreeMap::new();
    let mut files = Vec::new();
    for file in paths::files_under(&places.root.join("www/languages"))? {
        if file.extension().is_none_or(|e| e != "po") {
            continue;
        }
        let code = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let entries = parse(&paths::read_text(&file)?).map_err(|e| format!("{}: {e}", file.display()))?;
        let name = header(&entries, "X-Native-Name")
            .ok_or_else(|| format!("{}: its header has no “X-Native-Name: …”", file.display()))?;
        let json = serde_json::to_vec(&table(&entries)).map_err(|e| e.to_string())?;
        let compiled = format!("language-{code}-{}.json", cache::hash([json.as_slice()], 8));
        listed.insert(code, Listed { name, file: format!("./{compiled}") });
        files.push((compiled, json));
    }
    let key = cache::hash(files.iter().map(|(_, json)| json.as_slice()), 16);
    let folder = cache::folder(places, "languages", &key, |folder| {
        files.iter().try_for_each(|(name, json)| paths::write(&folder.join(name), json))?;
        cache::compress(folder)
    })?;
    Ok((folder, listed))
}

/// One sentence of a PO file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    pub context: Option<String>,
    pub id: String,
    /// The English plural, where the sentence counts something.
    pub plural: Option<String>,
    pub translations: Vec<String>,
    /// Nobody has looked at it since the English changed.
    pub fuzzy: bool,
}

impl Entry {
    /// As the page looks it up.
    pub fn key(&self) -> String {
        match &self.context {
            Some(context) => format!("{context}\u{4}{}", self.id),
            None => self.id.clone(),
        }
    }

    pub fn is_translated(&self) -> bool {
        !self.fuzzy && !self.translations.is_empty() && self.translations.iter().all(|t| !t.is_empty())
    }
}

/// The first entry's lines are the file's header.
fn header(entries: &[Entry], field: &str) -> Option<String> {
    let lines = entries.iter().find(|entry| entry.id.is_empty())?.translations.first()?;
    let value = lines.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    Some(value.trim().to_string())
}

fn table(entries: &[Entry]) -> BTreeMap<String, &[String]> {
    let sentences = entries.iter().filter(|entry| !entry.id.is_empty() && entry.is_translated());
    sentences.map(|entry| (entry.key(), entry.translations.as_slice())).collect()
}

/// Which text the next quoted line goes on with.
enum Field {
    Context,
    Id,
    Plural,
    Translation,
}

/// The entries of a PO file, without those that are kept only as comments.
pub fn parse(text: &str) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut entry = Entry::default();
    let mut field = None;
    for (at, line) in text.lines().map(str::trim).enumerate() {
        let wrong = |why: &str| format!("line {}: {why}: {line}", at + 1);
        let begins = line.starts_with('#') || line.starts_with("msgctxt") || line.starts_with("msgid ");
        if (line.is_empty() || begins) && matches!(field, Some(Field::Translation)) {
            entries.push(std::mem::take(&mut entry));
            field = None;
        }
        if line.is_empty() {
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            entry.fuzzy |= comment.starts_with(',') && comment.contains("fuzzy");
            continue;
        }
        let quote = line.find('"').ok_or_else(|| wrong("there is no text in quotes"))?;
        match line[..quote].trim() {
            "" => (),
            "msgctxt" => (field, entry.context) = (Some(Field::Context), Some(String::new())),
            "msgid" => field = Some(Field::Id),
            "msgid_plural" => (field, entry.plural) = (Some(Field::Plural), Some(String::new())),
            word if word.starts_with("msgstr") => {
                field = Some(Field::Translation);
                entry.translations.push(String::new());
            }
            _ => return Err(wrong("this is no field of a PO file")),
        }
        let words = unquoted(&line[quote..]).ok_or_else(|| wrong("the quotes are never closed"))?;
        let place = match field {
            None => return Err(wrong("a text without a field")),
            Some(Field::Context) => entry.context.as_mut(),
            Some(Field::Id) => Some(&mut entry.id),
            Some(Field::Plural) => entry.plural.as_mut(),
            Some(Field::Translation) => entry.translations.last_mut(),
        };
        place.into_iter().for_each(|place| place.push_str(&words));
    }
    if matches!(field, Some(Field::Translation)) {
        entries.push(entry);
    }
    Ok(entries)
}

/// The text between quotes, with its escapes undone.
fn unquoted(words: &str) -> Option<String> {
    let inner = words.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        out.push(match letter {
            '\\' => match letters.next()? {
                'n' => '\n',
                't' => '\t',
                other => other,
            },
            '"' => return None,
            other => other,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{header, parse, table};

    const PO: &str = r#"# A language
msgid ""
msgstr ""
"Language: de\n"
"X-Native-Name: Deutsch\n"

#: src/ui/x.rs
msgid "Play"
msgstr "Start"

msgctxt "noun"
msgid "Play"
msgstr ""
"Das "
"\"Spiel\""

msgid "{n} picture"
msgid_plural "{n} pictures"
msgstr[0] "{n} Bild"
msgstr[1] "{n} Bilder"
#, fuzzy
msgid "Step"
msgstr "Stufe"

msgid "Reset"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Weg"
"#;

    #[test]
    fn a_file_is_read_as_gettext_reads_it() {
        let entries = parse(PO).unwrap();
        assert_eq!(entries.len(), 6);
        assert_eq!(header(&entries, "X-Native-Name").unwrap(), "Deutsch");
        let table = table(&entries);
        assert_eq!(table["Play"], ["Start"]);
        assert_eq!(table["noun\u{4}Play"], ["Das \"Spiel\""]);
        assert_eq!(table["{n} picture"], ["{n} Bild", "{n} Bilder"]);
        // Fuzzy, and not translated.
        assert!(!table.contains_key("Step") && !table.contains_key("Reset"));
        assert_eq!(table.len(), 3);
    }

    #[test]
    fn what_is_no_po_file_is_refused_with_its_line() {
        assert!(parse("msgid \"a\nmsgstr \"b\"").unwrap_err().starts_with("line 1"));
        assert!(parse("msgid \"a\"\nmessage \"b\"").unwrap_err().starts_with("line 2"));
    }
}
