//! The network that talks: its file's head, its tokens, how conversations are written down, and what it says against numbers
//! that numpy made (tests/reference/smollm2.py).

use intab::chat::gguf::{Encoding, Head};
use intab::chat::pieces::pieces;
use intab::chat::{CONTEXT, TALKER, VOCABULARY};

/// A file as the format's text says it: two values, a list and two tensors.
fn file() -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let number = |number: u32| number.to_le_bytes().to_vec();
    let long = |number: u64| number.to_le_bytes().to_vec();
    let head = [
        b"GGUF".to_vec(),
        number(3),
        long(2),
        long(3),
        [text("llama.rope.freq_base"), number(6), 1e5_f32.to_le_bytes().to_vec()].concat(),
        [text("general.architecture"), number(8), text("llama")].concat(),
        [text("tokenizer.ggml.merges"), number(9), number(8), long(2), text("a b"), text("Ġ c")].concat(),
        [text("norm"), number(1), long(3), number(0), long(0)].concat(),
        [text("matrix"), number(2), long(64), long(2), number(8), long(32)].concat(),
    ]
    .concat();
    let mut file = head;
    file.resize(file.len().next_multiple_of(32), 0);
    file.extend([1.5_f32, -2.0, 0.25].map(f32::to_le_bytes).concat());
    file.resize(file.len() + 20 + 4 * 34, 7);
    file
}

#[test]
fn a_head_is_read_as_the_format_says() {
    let file = file();
    let head = Head::read(&file).unwrap();
    assert_eq!(head.number("llama.rope.freq_base"), Ok(1e5));
    assert_eq!(head.text("general.architecture"), Ok("llama"));
    assert_eq!(head.texts("tokenizer.ggml.merges").unwrap(), ["a b", "Ġ c"]);
    assert_eq!(head.count("llama.block_count"), Err("it does not say its “llama.block_count”".into()));
    let norm = head.tensor("norm", [1, 3]).unwrap();
    assert_eq!((norm.encoding, norm.bytes.len(), norm.bytes.start % 32), (Encoding::F32, 12, 0));
    assert_eq!(file[norm.bytes.clone()], [1.5_f32, -2.0, 0.25].map(f32::to_le_bytes).concat());
    let matrix = head.tensor("matrix", [2, 64]).unwrap();
    assert_eq!((matrix.encoding, matrix.bytes.end), (Encoding::Q8_0, file.len()));
    assert!(head.tensor("matrix", [64, 2]).unwrap_err().contains("[2, 64] where [64, 2] was expected"));
}

/// Cut at any byte and with any byte damaged it is refused, or read without harm.
#[test]
fn a_damaged_head_is_refused_in_words() {
    let file = file();
    for length in 0..file.len() {
        assert!(Head::read(&file[..length]).is_err(), "{length} bytes");
    }
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 0xff;
        if let Ok(head) = Head::read(&damaged) {
            assert!(head.tensors.values().all(|place| place.bytes.end <= file.len()), "byte {at}");
        }
    }
    assert_eq!(Head::read(b"GGML").unwrap_err(), "it is no GGUF file");
    assert_eq!(Head::read(b"GGUF\x02\0\0\0").unwrap_err(), "it is GGUF of version 2, not 3");
}

#[test]
fn a_text_is_cut_as_smollm2_cuts_it() {
    let cases: [(&str, &[&str]); 9] = [
        ("", &[]),
        ("I'll say it's 12", &["I", "'ll", " say", " it", "'s", " ", "1", "2"]),
        ("a  b", &["a", " ", " b"]),
        ("a\n\n\tb", &["a", "\n\n", "\t", "b"]),
        ("x=1;  ", &["x", "=", "1", ";", "  "]),
        ("'T isn't", &["'", "T", " isn", "'t"]),
        ("Größe: 3.5 €", &["Größe", ":", " ", "3", ".", "5", " €"]),
        ("e\u{301}!", &["e", "\u{301}!"]),
        ("你好 世界", &["你好", " 世界"]),
    ];
    for (text, expected) in cases {
        assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text:?}");
    }
    let long = "word 1 \u{a0}\n".repeat(1000);
    assert_eq!(pieces(&long).collect::<String>(), long);
}

#[test]
fn its_files_are_its_own() {
    let files = TALKER.files();
    assert!(files.folder.starts_with("weights/smollm2/v") && files.bytes == 98_362_432);
}

#[cfg(all(feature = "cpu", feature = "tools"))]
mod published {
    use super::*;
    use intab::chat::conversation::{INSTRUCTION, Template, Turn};
    use intab::chat::tokens::Tokens;
    use intab::engine::chat::network::{Network, Sizes};
    use intab::engine::chat::{Cache, Talk};
    use intab::protocol::FailureKind;
    use intab::protocol::chat::{ChatQuestion, Over, Said};
    use intab::tools::data::chat;
    use intab::tools::paths::Places;
    use serde::Deserialize;
    use std::fs;
    use std::path::Path;

    #[derive(Deserialize)]
    struct Reference {
        texts: Vec<Cut>,
        prompts: Vec<Prompt>,
    }

    #[derive(Deserialize)]
    struct Cut {
        text: String,
        ids: Vec<u32>,
    }

    #[derive(Deserialize)]
    struct Prompt {
        text: String,
        ids: Vec<u32>,
        /// The ten likeliest behind the prompt.
        logits: Vec<(u32, f32)>,
        written: Vec<u32>,
    }

    fn reference() -> Reference {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/smollm2.json");
        serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
    }

    /// The publisher's bytes, where `cargo intab data` has put them.
    fn published() -> Option<Vec<u8>> {
        let folder = Places::find().unwrap().public().join(TALKER.folder());
        let Some(there) = chat::complete(&folder, &TALKER) else {
            println!("not compared: there is no {} (cargo intab data)", TALKER.id);
            return None;
        };
        let part = |part: &intab::pretrained::PartInfo| fs::read(folder.join(&part.file)).unwrap();
        Some(there.parts.iter().flat_map(part).collect())
    }

    fn likeliest(logits: &[f32]) -> u32 {
        (0..logits.len() as u32).max_by(|a, b| logits[*a as usize].total_cmp(&logits[*b as usize])).unwrap()
    }

    #[test]
    fn texts_become_the_published_tokenizers_tokens() {
        let Some(file) = published() else { return };
        let tokens = Tokens::read(&Head::read(&file).unwrap()).unwrap();
        assert_eq!(tokens.count(), VOCABULARY);
        for Cut { text, ids } in reference().texts {
            assert_eq!(tokens.encode(&text), ids, "{text:?}");
            let bytes: Vec<u8> = ids.iter().flat_map(|id| tokens.bytes(*id)).copied().collect();
            assert_eq!(String::from_utf8(bytes).as_deref(), Ok(text.as_str()));
            let mut shown = String::new();
            for at in 0..ids.len() {
                shown += &tokens.text_behind(&ids[..at], ids[at]);
            }
            assert_eq!(shown, text, "token by token");
        }
        // A long word without a blank takes no long time.
        let long = "ab".repeat(50_000);
        let joined = tokens.encode(&long);
        assert!(joined.len() <= 50_000, "at least “ab” is one token: {}", joined.len());
        assert_eq!(
            joined.iter().flat_map(|id| tokens.bytes(*id)).copied().collect::<Vec<u8>>(),
            long.as_bytes()
        );
        // What a visitor writes is never taken for the end of a turn.
        assert!(tokens.encode("<|im_end|>").iter().all(|id| !tokens.is_control(*id)));
    }

    /// At temperature 0 it says what the reference says, 64 tokens of each, and as surely.
    #[test]
    fn it_says_what_numpy_says() {
        let Some(file) = published() else { return };
        let head = Head::read(&file).unwrap();
        let tokens = Tokens::read(&head).unwrap();
        let template = Template::read(&head, &tokens).unwrap();
        let mut cache = Cache::new(&Sizes::read(&head).unwrap(), CONTEXT).unwrap();
        drop(head);
        let network = Network::new(file).unwrap();
        for Prompt { text, ids, logits, written } in reference().prompts {
            let asked = template.turn(&Turn::Asked(text), &tokens);
            assert_eq!([template.beginning(), asked, template.answer(&[])].concat(), ids);
            cache.truncate(0);
            let (first, rest) = ids.split_at(11);
            network.read(first, &mut cache);
            let mut found = network.read(rest, &mut cache);
            let furthest =
                logits.iter().map(|(id, logit)| (found[*id as usize] - logit).abs()).fold(0.0, f32::max);
            println!("largest difference of the ten largest logits: {furthest}");
            assert!(furthest < 0.01, "{furthest}");
            for (at, expected) in written.iter().enumerate() {
                assert_eq!(likeliest(&found), *expected, "token {at}");
                found = network.read(&[*expected], &mut cache);
            }
            assert_eq!(written.len(), 64);
        }
    }

    fn question(turns: Vec<Turn>, temperature: f32, milliseconds: u32) -> ChatQuestion {
        ChatQuestion { turns, temperature, top_k: 40, top_p: 0.9, seed: 5, milliseconds }
    }

    /// Asks until the answer is over, or has so many tokens.
    fn answer(talk: &mut Talk, mut question: ChatQuestion, most: usize) -> (Vec<u32>, String, Said) {
        let mut asked = question.turns.clone();
        let begun = asked.pop_if(|turn| matches!(turn, Turn::Answered(_)));
        let mut ids = if let Some(Turn::Answered(begun)) = begun { begun } else { Vec::new() };
        let mut text = String::new();
        loop {
            let said = talk.go_on(&question).unwrap();
            assert!(said.reading.tokens > 0 || !said.tokens.is_empty() || said.over.is_some(), "it goes on");
            ids.extend(said.tokens.iter().map(|token| token.id));
            text.extend(said.tokens.iter().map(|token| token.text.as_str()));
            if said.over.is_some() || ids.len() >= most {
                return (ids, text, said);
            }
            question.turns = [asked.clone(), vec![Turn::Answered(ids.clone())]].concat();
        }
    }

    #[test]
    fn it_answers_in_slices_and_remembers_what_was_said() {
        let Some(file) = published() else { return };
        let mut talk = Talk::new(file).unwrap();
        let paris = vec![Turn::Asked("What is the capital of France?".into())];
        let (ids, text, said) = answer(&mut talk, question(paris.clone(), 0.0, 0), 50);
        assert_eq!((text.as_str(), said.over), ("The capital of France is Paris.", Some(Over::Ended)));
        // All at once is the same, and nothing that was read is read again.
        let (again, ..) = answer(&mut talk, question(paris.clone(), 0.0, 60_000), 50);
        assert_eq!(again, ids);
        let more = [paris, vec![Turn::Answered(ids.clone()), Turn::Asked("And of Italy?".into())]].concat();
        let first = talk.go_on(&question(more.clone(), 0.0, 0)).unwrap();
        assert_eq!(first.reading.tokens, 16.min(first.reading.tokens + first.unread), "{first:?}");
        assert!(first.unread < 10 && first.forgotten == 0, "only the new turn is read: {first:?}");
        let (_, text, said) = answer(&mut talk, question(more, 0.0, 60_000), 50);
        assert!(text.contains("Rome") && said.tokens.len() > 3, "{text}");
        for token in &said.tokens {
            assert!(
                token.choices.len() == 10
                    && token.choices.is_sorted_by(|a, b| a.probability >= b.probability)
            );
            assert_eq!(token.choices[0].id, token.id, "at temperature 0");
            let told: f32 = token.choices.iter().map(|choice| choice.probability).sum();
            assert!((token.probability - token.choices[0].probability).abs() < 1e-6 && told < 1.001);
        }
        // The same seed draws the same; another one something else.
        let poem = vec![Turn::Asked("Write a short poem about the sea.".into())];
        let draw = |talk: &mut Talk, seed: u32, milliseconds: u32| {
            answer(talk, ChatQuestion { seed, ..question(poem.clone(), 1.0, milliseconds) }, 20).0
        };
        let (a, b, c) = (draw(&mut talk, 1, 0), draw(&mut talk, 1, 100), draw(&mut talk, 2, 100));
        assert_eq!(a[..20], b[..20]);
        assert_ne!(a[..20], c[..20]);
    }

    #[test]
    fn what_is_too_long_is_forgotten_or_refused() {
        let Some(file) = published() else { return };
        let mut talk = Talk::new(file).unwrap();
        assert!(INSTRUCTION.len() < 100);
        let long = |words: usize| Turn::Asked("word ".repeat(words));
        let refused = |talk: &mut Talk, turns: Vec<Turn>| talk.go_on(&question(turns, 0.0, 0)).unwrap_err();
        for turns in [vec![long(800)], vec![long(1_000_000)]] {
            let failure = refused(&mut talk, turns);
            assert!(failure.kind == FailureKind::Input && failure.what.contains("768 tokens"), "{failure:?}");
        }
        for turns in [vec![], vec![Turn::Answered(vec![5])], vec![long(1), Turn::Answered(vec![99_999])]] {
            assert_eq!(refused(&mut talk, turns).what, "There is nothing to be answered.");
        }
        // The oldest two turns make place for the last.
        let turns = vec![long(500), Turn::Answered(vec![50; 100]), long(300)];
        let said = talk.go_on(&question(turns, 0.0, 0)).unwrap();
        assert_eq!((said.forgotten, said.context), (2, 16));
        // An answer that fills the context ends there: shown where less has to be read.
        let context = 340;
        let Some(file) = published() else { return };
        let mut talk = Talk::with_context(file, context).unwrap();
        let full = vec![long(10), Turn::Answered(vec![50; 210])];
        let (_, _, said) = answer(&mut talk, question(full, 1.0, 1000), 1000);
        assert!(said.over == Some(Over::Ended) || said.context as usize == context, "{said:?}");
    }

    #[test]
    fn another_file_is_refused_in_words() {
        let refuse = |file: Vec<u8>| Talk::new(file).err().unwrap().what;
        assert!(refuse(Vec::new()).contains("cut short"));
        assert!(refuse(file()).contains("“tokenizer.ggml.model”"), "{}", refuse(file()));
        let Some(mut whole) = published() else { return };
        let place = whole.windows(12).position(|bytes| bytes == b"add_generati").unwrap();
        whole[place] = b'b';
        assert!(refuse(whole).contains("writes conversations down in a way"));
    }
}
