//! `index.html` is a template: `{{name}}` stands for a file whose name is known only when it is built.

use crate::tools::Result;

/// The template with every placeholder replaced; one that has no value is an error.
pub fn fill(template: &str, values: &[(&str, String)]) -> Result<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or("a “{{” is never closed by “}}”")?;
        let value = values.iter().find(|(known, _)| *known == name.trim());
        let (_, value) = value.ok_or_else(|| {
            let known: Vec<_> = values.iter().map(|(name, _)| *name).collect();
            format!("“{{{{{name}}}}}” is not a placeholder; there are {}", known.join(", "))
        })?;
        out.push_str(before);
        out.push_str(value);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn placeholders_are_filled_and_unknown_ones_refused() {
        let values = [("style", "./s.css".to_string()), ("gpu", String::new())];
        let filled = fill("<a href=\"{{style}}\" b=\"{{ gpu }}\">{{style}}", &values).unwrap();
        assert_eq!(filled, "<a href=\"./s.css\" b=\"\">./s.css");
        assert_eq!(
            fill("{{styl}}", &values).unwrap_err(),
            "“{{styl}}” is not a placeholder; there are style, gpu"
        );
        assert!(fill("{{style", &values).is_err());
    }
}
