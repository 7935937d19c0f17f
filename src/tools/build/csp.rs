//! The Content-Security-Policy names every inline script by its SHA-256, so that no script runs which was not there
//! when the page was built, however it came into the page.

use sha2::{Digest, Sha256};

/// Stands in a page's policy until the rest of the page is known.
pub const SCRIPTS: &str = "{{scripts}}";

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The page with the hashes of its own scripts in its policy.
pub fn seal(page: &str) -> String {
    page.replace(SCRIPTS, &hashes(page).join(" "))
}

/// What a policy says to let the page's inline scripts run.
pub fn hashes(page: &str) -> Vec<String> {
    inline_scripts(page).map(|text| format!("'sha256-{}'", base64(&Sha256::digest(text)))).collect()
}

/// The policy that the page carries, for hosts that can say it in a header.
pub fn of_page(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(r#"http-equiv="Content-Security-Policy" content=""#)?;
    rest.split_once('"').map(|(policy, _)| policy)
}

/// JSON is data to a browser, which asks no policy about it.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        let runs = !attributes.contains("src=") && !attributes.contains("application/json");
        runs.then_some(text)
    })
}

fn base64(bytes: &[u8]) -> String {
    let letters = bytes.chunks(3).flat_map(|three| {
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(*three.get(at).unwrap_or(&0)));
        (0..4).map(move |at| match at <= three.len() {
            true => ALPHABET[bits >> (18 - 6 * at) & 63].into(),
            false => '=',
        })
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_letters() {
        // From RFC 4648.
        for (bytes, letters) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), letters);
        }
    }

    #[test]
    fn what_runs_is_named_and_data_is_not() {
        let page = r#"<meta http-equiv="Content-Security-Policy" content="script-src {{scripts}}">
            <script type="application/json" id="a">{}</script><script src="b.js"></script><script>c()</script>"#;
        let sealed = seal(page);
        // `printf 'c()' | openssl dgst -sha256 -binary | base64`
        assert_eq!(
            of_page(&sealed),
            Some("script-src 'sha256-uv6BXxguRKhBqgeOtcyTvppA2Vttceh37dUo7xwS8Ug='")
        );
    }
}
