//! `docs/promises.md`: each test that a promise names is there.

use std::fs;
use std::path::Path;

#[test]
fn every_promise_names_a_test_that_there_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/promises.md")).unwrap();
    // `file` “name”, perhaps over the end of a line.
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut named = 0;
    for (at, _) in words.match_indices(".spec.mjs` “") {
        let file = words[..at].rsplit('`').next().unwrap();
        let name = words[at..].split(['“', '”']).nth(1).unwrap();
        let spec = fs::read_to_string(root.join(format!("tests/browser/{file}.spec.mjs"))).unwrap();
        assert!(spec.contains(name), "{file}.spec.mjs has no test “{name}”");
        named += 1;
    }
    let sections: Vec<&str> = page.split("\n- ").skip(1).collect();
    let bare: Vec<&str> = sections.iter().filter(|said| !said.contains(".spec.mjs` “")).copied().collect();
    assert_eq!(bare.len(), 1, "only what a page sees in its own frame is no promise: {bare:?}");
    assert!(named >= sections.len() - 1);
}
