//! Cuts a program in two: the functions that a first visit runs, and the rest, which comes later or at the moment when
//! it is first called. Nothing of the source knows of it. (The idea is Binaryen's wasm-split, which npm's package does
//! not bring.)
//!
//! In the first half each function of the rest that something refers to has become a stub: it calls through a slot of
//! the function table, and where that is still empty a worker fetches the rest first, and a page starts again with both halves (`rest.js`). The
//! second half takes memory, tables, globals and the functions that it calls from the first, and fills the slots.
//!
//! Before that, what a program refers to but never runs is taken out of it: a library's trait brings all its methods.

mod halves;
mod program;

use crate::tools::Result;
use halves::{Cut, First, Marked, Without, rest};
use program::Program;
use std::collections::BTreeSet;
use std::convert::Infallible;
use wasm_encoder::Module;
use wasm_encoder::reencode::Reencode;
use wasmparser::Parser;

pub struct Halves {
    pub first: Vec<u8>,
    pub rest: Vec<u8>,
}

/// Cuts a program that still has its functions' names. `hot` are the hashes of those of the first half.
pub fn split(wasm: &[u8], hot: &BTreeSet<u32>) -> Result<Halves> {
    let program = Program::read(wasm)?;
    let all = program.imported..program.functions.len() as u32;
    let cold: BTreeSet<u32> = all.clone().filter(|at| !hot.contains(&program.hash(*at))).collect();
    let mut called = program.held.clone();
    let mut taken = BTreeSet::new();
    for at in all {
        let calls = program.calls(at).map_err(|e| e.to_string())?;
        let by = if cold.contains(&at) { &mut taken } else { &mut called };
        by.extend(calls);
    }
    let slots = called.intersection(&cold).copied().collect();
    let taken = taken.difference(&cold).copied().collect();
    let cut = Cut { program: &program, cold, slots, taken };
    let rest = rest(&cut).map_err(|e| e.to_string())?;
    Ok(Halves { first: reencoded(wasm, First { cut: &cut, at: program.imported })?, rest })
}

/// The program without its functions of these modules' types (any, where that is empty) for these traits: one that is
/// called ends it. Functions that only those call are the optimiser's to find.
pub fn without(wasm: &[u8], never: &[(&str, &str)]) -> Result<Vec<u8>> {
    let program = Program::read(wasm)?;
    reencoded(wasm, Without { program: &program, never, at: program.imported })
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
        CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function,
        FunctionSection, ImportSection, Instruction, MemorySection, MemoryType, NameMap, NameSection,
        RefType, TableSection, TableType, TypeSection, ValType,
    };

    const NAMES: [&str; 4] = ["imported", "kept", "far", FARTHER];
    const FARTHER: &str = "<a::Type as c::Trait>::farther";

    /// `kept` calls `far` of 20, which calls `farther` of 21, which adds 1 and tells `imported` of it; `farther` is in
    /// the table, too.
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
            &[Instruction::LocalGet(0), Instruction::I32Const(1), Instruction::I32Add, Instruction::Call(3)],
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
        module.section(&exports).section(&elements).section(&code).section(&names);
        module.finish()
    }

    fn hot(names: &[&str]) -> BTreeSet<u32> {
        names.iter().map(|name| crc32fast::hash(name.as_bytes())).collect()
    }

    fn node(script: &str) -> String {
        shell::read(&mut shell::command("node", ["--eval", script])).unwrap()
    }

    #[test]
    fn the_rest_is_fetched_when_it_is_called_and_no_sooner() {
        let Halves { first, rest } = split(&program(), &hot(&["kept"])).unwrap();
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
        let run = |never| run(without(&whole, &[never]).unwrap());
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
        assert_eq!(hashes(&program(), &ran, &none).unwrap(), hot(&["kept", "far", FARTHER]));
        assert_eq!(hashes(&program(), &[0], &hot(&["far", "gone"])).unwrap(), hot(&["kept", "far"]));
    }
}
