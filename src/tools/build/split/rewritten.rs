//! The whole program, with its functions changed.

use super::cut::{REST, Written};
use super::layout::Layout;
use super::program::Program;
use std::collections::BTreeSet;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, EntityType, Function, ImportSection, Instruction, Module};
use wasmparser::{CustomSectionReader, FunctionBody, ImportSectionReader, Result};

/// Functions that do the same are one, under the name of any of them: small ones, which that happens to, stay.
const SMALL: u64 = 200;

/// Writes the whole program, where some functions do nothing but end it.
pub struct Without {
    /// Those that still do something.
    reached: BTreeSet<u32>,
    /// The function whose body comes next.
    at: u32,
}

impl Without {
    /// Without functions of these modules' types (any, where that is empty) for these traits, and without all that nothing
    /// but those refers to: the optimiser would keep what has a place in the table.
    pub fn new(program: &Program<'_>, never: &[(&str, &str)], layout: &Layout) -> Result<Self> {
        let large = |at: u32| {
            let range = program.bodies[(at - program.imported) as usize].range();
            range.end - range.start > SMALL
        };
        let ends = |at: u32| never.iter().any(|&(types, of)| program.implements(at, types, of)) && large(at);
        let mut needed = layout.always();
        let mut todo: Vec<u32> = program.exported.iter().copied().collect();
        todo.extend(functions(program, layout, needed.iter().copied()));
        let mut reached = BTreeSet::new();
        while let Some(at) = todo.pop() {
            if at < program.imported || ends(at) || !reached.insert(at) {
                continue;
            }
            todo.extend(program.calls(at)?);
            for number in program.numbers(at)? {
                if layout.is_place(number) {
                    todo.extend(program.places.get(&number));
                }
                let more = layout.refer(number, &mut needed);
                todo.extend(functions(program, layout, more));
            }
        }
        Ok(Self { reached, at: program.imported })
    }
}

/// Functions that these things in memory refer to.
fn functions(program: &Program<'_>, layout: &Layout, things: impl IntoIterator<Item = usize>) -> Vec<u32> {
    let words = things.into_iter().flat_map(|thing| layout.functions(thing));
    words.filter_map(|at| program.places.get(&program.word(*at)).copied()).collect()
}

impl Reencode for Without {
    type Error = Infallible;

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Written {
        let at = self.at;
        self.at += 1;
        if self.reached.contains(&at) {
            return utils::parse_function_body(self, code, body);
        }
        code.function(&ended());
        Ok(())
    }

    /// What the linker said is no longer true once the optimiser has been at it.
    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Written {
        let of_linker = section.name() == "linking" || section.name().starts_with("reloc.");
        if of_linker { Ok(()) } else { utils::parse_custom_section(self, module, section) }
    }
}

/// A function that ends the program.
fn ended() -> Function {
    let mut ended = Function::new([]);
    ended.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
    ended
}

/// Writes the whole program, where each function tells its number when it is entered.
pub struct Marked<'a> {
    pub program: &'a Program<'a>,
    pub at: u32,
}

impl Reencode for Marked<'_> {
    type Error = Infallible;

    fn function_index(&mut self, at: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.program.shifted(at))
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Written {
        utils::parse_import_section(self, imports, section)?;
        imports.import(REST, "mark", EntityType::Function(self.program.number));
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Written {
        let mut function = utils::new_function_with_parsed_locals(self, &body)?;
        function
            .instruction(&Instruction::I32Const(self.at as i32))
            .instruction(&Instruction::Call(self.program.imported));
        self.at += 1;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            function.instruction(&utils::parse_instruction(self, &mut reader)?);
        }
        code.function(&function);
        Ok(())
    }
}
