//! The one place that calls curl. Whoever sits on the way may change what comes by http, so a file comes by https, also
//! where the publisher sends us on, or its SHA-256 is known beforehand.

use super::pypi;
use super::unzip::MAX_BYTES;
use crate::tools::{Result, paths, shell};
use std::path::Path;
use std::process::Command;

/// Seconds that a download may take, and seconds to wait for an address that does not answer.
const MAX_SECONDS: &str = "300";
const CONNECT_SECONDS: &str = "5";

/// Where a file is fetched from, and how we know that it is the publisher's.
pub struct Address<'a> {
    address: String,
    sha256: Option<&'a str>,
}

impl<'a> Address<'a> {
    pub fn https(address: String) -> Result<Self> {
        if address.starts_with("https://") {
            Ok(Self { address, sha256: None })
        } else {
            Err(format!("{address} is not https, and no checksum says what it should give"))
        }
    }

    /// Of a file that is known by its SHA-256: only for this one will http do.
    pub fn checked(address: String, sha256: &'a str) -> Self {
        Self { address, sha256: Some(sha256) }
    }
}

/// Fetches one file. It gets its name when it is whole and, where that is known, has the right checksum.
pub fn download(from: &Address, file: &Path) -> Result<()> {
    println!("  fetching {}", from.address);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let part = file.with_file_name(format!("{name}.part"));
    shell::read(&mut curl(from, &part))?;
    if let Some(sha256) = from.sha256 {
        pypi::checked(paths::read(&part)?, sha256, &name)?;
    }
    std::fs::rename(&part, file).map_err(|e| paths::cannot("rename", &part, &e))
}

fn curl(from: &Address, part: &Path) -> Command {
    let schemes = if from.sha256.is_some() { "=http,https" } else { "=https" };
    let mut curl = shell::command("curl", ["--fail", "--location", "--silent", "--show-error"]);
    curl.args(["--proto", schemes, "--proto-redir", schemes])
        .args(["--connect-timeout", CONNECT_SECONDS, "--max-time", MAX_SECONDS])
        .args(["--max-filesize", &MAX_BYTES.to_string()])
        .arg("--output")
        .arg(part)
        .arg(&from.address);
    curl
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::serve;
    use std::fs;

    const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    #[test]
    fn http_needs_a_checksum_and_gives_what_it_says() {
        let folder = std::env::temp_dir().join(format!("intab-fetch-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("published"), "hello").unwrap();
        fs::write(folder.join("other"), "hallo").unwrap();
        let site = serve::address(serve::in_background(&folder).unwrap());
        let [published, other] = ["published", "other"].map(|name| format!("{site}{name}"));
        let file = folder.join("file");

        let refused = Address::https(published.clone()).err().unwrap();
        assert!(refused.ends_with("is not https, and no checksum says what it should give"), "{refused}");
        // Even past that, curl itself knows no http.
        let past = Address { address: published.clone(), sha256: None };
        assert!(download(&past, &file).unwrap_err().starts_with("curl failed"));
        let refused = download(&Address::checked(other, HELLO), &file).unwrap_err();
        assert!(refused.starts_with("file is not the file that was published"), "{refused}");
        assert!(!file.exists(), "a file that was refused has its name");
        download(&Address::checked(published, HELLO), &file).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"hello");
        fs::remove_dir_all(folder).unwrap();
    }

    /// No test can have a publisher with a certificate, so what would be asked of curl is read.
    #[test]
    fn a_redirect_leads_from_https_to_https_alone() {
        let address = Address::https("https://example.org/x".into()).unwrap();
        let curl = curl(&address, Path::new("x.part"));
        let arguments: Vec<_> = curl.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
        for option in ["--proto", "--proto-redir"] {
            assert!(arguments.windows(2).any(|pair| pair == [option, "=https"]), "{option}: {arguments:?}");
        }
    }
}
