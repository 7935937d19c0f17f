//! COCO's JSON (cocodataset.org, “data format”).

use crate::tools::Result;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Captions {
    annotations: Vec<Caption>,
}

#[derive(Deserialize)]
struct Caption {
    image_id: u64,
    caption: String,
}

/// The captions, a line each, those of a picture together and an empty line before the next picture. Some end with a full
/// stop and some do not, which says nothing of a picture: none does here.
pub fn captions(json: &[u8]) -> Result<String> {
    let read: Captions = serde_json::from_slice(json).map_err(|e| format!("these are no captions: {e}"))?;
    let mut pictures: BTreeMap<u64, String> = BTreeMap::new();
    for one in read.annotations {
        let words: Vec<&str> = one.caption.split_whitespace().collect();
        let line = words.join(" ");
        let line = line.trim_end_matches(['.', ' ']);
        if !line.is_empty() {
            let group = pictures.entry(one.image_id).or_default();
            group.push_str(line);
            group.push('\n');
        }
    }
    Ok(pictures.into_values().collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_of_a_picture_stay_together() {
        let json = br#"{"annotations": [
            {"image_id": 2, "id": 1, "caption": "A  dog\nruns. "},
            {"image_id": 1, "id": 2, "caption": "A bus"},
            {"image_id": 2, "id": 3, "caption": "The dog is wet."}]}"#;
        assert_eq!(captions(json).unwrap(), "A bus\n\nA dog runs\nThe dog is wet\n");
        assert!(captions(b"{}").unwrap_err().starts_with("these are no captions"));
    }
}
