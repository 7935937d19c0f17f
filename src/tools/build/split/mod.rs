//! Cuts a program in two: the functions that a first visit runs, and the rest, which comes later or at the moment when
//! it is first called. Nothing of the source knows of it. (The idea is Binaryen's wasm-split, which npm's package does
//! not bring.)
//!
//! In the first half each function of the rest that something refers to has become a stub: it calls through a slot of
//! the function table, and where that is still empty a worker fetches the rest first, and a page starts again with both halves (`rest.js`). The
//! second half takes memory, tables, globals and the functions that it calls from the first, and fills the slots. It
//! also brings the data that only its own functions refer to.
//!
//! Before that, what a program refers to but never runs is taken out of it: a library's trait brings all its methods.

mod cut;
mod first;
mod layout;
mod program;
mod rest;
mod rewritten;

use crate::tools::Result;
use cut::Cut;
use first::First;
pub use layout::Layout;
use program::Program;
use rewritten::{Marked, Without};
use std::collections::BTreeSet;
use std::convert::Infallible;
use wasm_encoder::Module;
use wasm_encoder::reencode::Reencode;
use wasmparser::Parser;

/// What makes halves of a program: made by other code, they are other files.
pub const SOURCE: [&str; 4] =
    [include_str!("cut.rs"), include_str!("first.rs"), include_str!("layout.rs"), include_str!("rest.rs")];

pub struct Halves {
    pub first: Vec<u8>,
    pub rest: Vec<u8>,
}

/// Cuts a program that still has its functions' names. `hot` are the hashes of those of the first half. Nothing has moved
/// in memory since the linker said what is where.
pub fn split(wasm: &[u8], hot: &BTreeSet<u32>, layout: &Layout) -> Result<Halves> {
    let program = Program::read(wasm)?;
    let cut = Cut::new(&program, hot, layout).map_err(|e| e.to_string())?;
    let rest = rest::rest(&cut).map_err(|e| e.to_string())?;
    Ok(Halves { first: reencoded(wasm, First(&cut))?, rest })
}

/// The program without what it never runs ([`Without::new`]): a function that is called all the same ends it. It may be
/// as it was bound, with what the linker said of it.
pub fn without(wasm: &[u8], never: &[(&str, &str)], layout: &Layout) -> Result<Vec<u8>> {
    let program = Program::read(wasm)?;
    reencoded(wasm, Without::new(&program, never, layout).map_err(|e| e.to_string())?)
}

/// The whole program, where each function calls `rest.mark` with its number when it is entered.
pub fn instrument(wasm: &[u8]) -> Result<Vec<u8>> {
    let program = Program::read(wasm)?;
    reencoded(wasm, Marked { program: &program, at: 0 })
}

/// The hashes of the functions that an instrumented program said to have run, and of those of `before` that it still has:
/// what runs depends on the moment, too.
pub fn hashes(wasm: &[u8], ran: &[u32], before: &BTreeSet<u32>) -> Result<BTreeSet<u32>> {
    let program = Program::read(wasm)?;
    let all = program.imported..program.functions.len() as u32;
    let there = all.map(|at| program.hash(at)).filter(|hash| before.contains(hash));
    Ok(ran.iter().map(|at| program.hash(program.imported + at)).chain(there).collect())
}

fn reencoded(wasm: &[u8], mut by: impl Reencode<Error = Infallible>) -> Result<Vec<u8>> {
    let mut module = Module::new();
    by.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|e| e.to_string())?;
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::shell;
    use wasm_encoder::{
        CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind, ExportSection, Function,
        FunctionSection, ImportSection, Instruction, MemArg, MemorySection, MemoryType, NameMap, NameSection,
        RefType, TableSection, TableType, TypeSection, ValType,
    };

    const NAMES: [&str; 4] = ["imported", "kept", FAR, FARTHER];
    const FAR: &str = "<b::Type as d::Trait>::far";
    const FARTHER: &str = "<a::Type as c::Trait>::farther";

    /// `kept` calls `far` of 20, which calls `farther` of 21, which adds 1 and tells `imported` of it; `farther` is in
    /// the table, too. The 1 that `far` adds is in memory.
    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], []);
        types.ty().function([], []);
        types.ty().function([ValType::I32], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("page", "tell", wasm_encoder::EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(1).function(2).function(2);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: 1,
            maximum: Some(1),
            table64: false,
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut exports = ExportSection::new();
        exports.export("kept", ExportKind::Func, 1);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(vec![3].into()));
        let mut code = CodeSection::new();
        let bodies: [&[Instruction<'_>]; 3] = [
            &[Instruction::I32Const(20), Instruction::Call(2), Instruction::Drop],
            &[
                Instruction::LocalGet(0),
                Instruction::I32Const(ONE.0 as i32),
                Instruction::I32Load(MemArg {
                    offset: 0,
                    align: 2,
                    target: Default::default(),
                    ordering: None,
                }),
                Instruction::I32Add,
                Instruction::Call(3),
            ],
            &[
                Instruction::LocalGet(0),
                Instruction::I32Const(1),
                Instruction::I32Add,
                Instruction::LocalTee(0),
                Instruction::Call(0),
                Instruction::LocalGet(0),
            ],
        ];
        for body in bodies {
            let mut function = Function::new([]);
            // As long as what is worth leaving out.
            for _ in 0..200 {
                function.instruction(&Instruction::Nop);
            }
            for instruction in body.iter().chain([&Instruction::End]) {
                function.instruction(instruction);
            }
            code.function(&function);
        }
        let mut named = NameMap::new();
        (0..).zip(NAMES).for_each(|(at, name)| named.append(at, name));
        let mut names = NameSection::new();
        names.functions(&named);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
        module.section(&exports).section(&elements).section(&code).section(&data()).section(&names);
        module.finish()
    }

    /// Where the things in memory start and end: one that nothing refers to, one that has the other's address, and a 1.
    const THINGS: [(u32, u32); 3] = [(1000, 1004), (1004, 1008), ONE];
    const ONE: (u32, u32) = (1008, 1012);

    fn data() -> DataSection {
        let mut data = DataSection::new();
        let words = [7, ONE.0, 1].map(u32::to_le_bytes);
        data.active(0, &ConstExpr::i32_const(1000), words.concat());
        data
    }

    /// What the linker would have said of the program. `far` are things that code reaches from outside of them.
    fn layout(far: &[usize]) -> Layout {
        let layout = serde_json::json!({
            "things": THINGS, "addresses": [[1004, 2]], "functions": [], "far": far,
            "starts": [ONE.0], "ends": [], "places": [],
        });
        serde_json::from_value(layout).unwrap()
    }

    /// The three words of a program's memory.
    fn words(wasm: &[u8]) -> [u32; 3] {
        let program = Program::read(wasm).unwrap();
        THINGS.map(|(at, _)| program.word(at))
    }

    fn hot(names: &[&str]) -> BTreeSet<u32> {
        names.iter().map(|name| crc32fast::hash(name.as_bytes())).collect()
    }

    fn node(script: &str) -> String {
        shell::read(&mut shell::command("node", ["--eval", script])).unwrap()
    }

    #[test]
    fn the_rest_is_fetched_when_it_is_called_and_no_sooner() {
        let Halves { first, rest } = split(&program(), &hot(&["kept"]), &layout(&[])).unwrap();
        let script = format!(
            "const of = (bytes) => new WebAssembly.Module(Uint8Array.from(bytes)), told = [];
            const load = () => {{ told.push('load'); new WebAssembly.Instance(of({rest:?}), {{ first: wasm }}); }};
            const wasm = new WebAssembly.Instance(of({first:?}), {{ page: {{ tell: (n) => told.push(n) }}, rest: {{ load }} }}).exports;
            told.push('begun');
            wasm.kept(); wasm.kept(); wasm.t0.get(0)(1);
            console.log(told.join(' '));"
        );
        let told = node(&script);
        assert_eq!(told.trim(), "begun load 22 22 2");
    }

    #[test]
    fn data_is_where_it_is_referred_to_first() {
        let first = |names: &[&str], far| words(&split(&program(), &hot(names), &layout(far)).unwrap().first);
        assert_eq!(first(&["kept"], &[]), [0, 0, 0]);
        assert_eq!(first(&["kept", FAR], &[]), [0, 0, 1]);
        assert_eq!(first(&["kept"], &[1]), [0, ONE.0, 1], "with what it refers to");
        let rest = |names| split(&program(), &hot(names), &layout(&[])).unwrap().rest;
        assert!(rest(&["kept"]).ends_with(&[7, 0, 0, 0, 240, 3, 0, 0, 1, 0, 0, 0]));
        assert!(rest(&["kept", FAR]).ends_with(&[7, 0, 0, 0, 240, 3, 0, 0]));
    }

    #[test]
    fn what_only_the_left_out_call_goes_with_them() {
        let lengths = |never| {
            let wasm = without(&program(), &[never], &layout(&[])).unwrap();
            let program = Program::read(&wasm).unwrap();
            program.bodies.iter().map(|body| body.range().count() > 9).collect::<Vec<_>>()
        };
        assert_eq!(lengths(("e", "")), [true, true, true]);
        assert_eq!(lengths(("b", "d")), [true, false, false], "although the table has it");
    }

    #[test]
    fn what_is_left_out_ends_the_program_that_calls_it() {
        let whole = program();
        let run = |wasm: Vec<u8>| {
            let script = format!(
                "const told = [], wasm = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from({wasm:?})),
                    {{ page: {{ tell: (n) => told.push(n) }} }}).exports;
                try {{ wasm.kept() }} catch (error) {{ told.push(error.message) }} console.log(told.join(' '));"
            );
            node(&script).trim().to_string()
        };
        let run = |never| run(without(&whole, &[never], &layout(&[])).unwrap());
        assert_eq!(run(("a", "other")), "22");
        assert_eq!(run(("b", "c::Trait")), "22");
        assert_eq!(run(("a", "c::Trait")), "unreachable");
        assert_eq!(run(("", "c")), "unreachable");
    }

    #[test]
    fn marks_name_what_ran() {
        let marked = instrument(&program()).unwrap();
        let script = format!(
            "const ran = [], wasm = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from({marked:?})),
                {{ page: {{ tell() {{}} }}, rest: {{ mark: (at) => ran.push(at) }} }}).exports;
            wasm.kept(); console.log(JSON.stringify(ran));"
        );
        let ran = node(&script);
        let ran: Vec<u32> = serde_json::from_str(&ran).unwrap();
        let none = BTreeSet::new();
        assert_eq!(hashes(&program(), &ran, &none).unwrap(), hot(&["kept", FAR, FARTHER]));
        assert_eq!(hashes(&program(), &[0], &hot(&[FAR, "gone"])).unwrap(), hot(&["kept", FAR]));
    }
}
