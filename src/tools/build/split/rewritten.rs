//! The whole program, with its functions changed.

use super::cut::{REST, Written};
use super::program::Program;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, ImportSection, EntityType, Instruction};
use wasmparser::{FunctionBody, ImportSectionReader};

/// Functions that do the same are one, under the name of any of them: small ones, which that happens to, stay.
const SMALL: u64 = 200;

/// Writes the whole program, where some functions do nothing but end it.
pub struct Without<'a> {
    pub program: &'a Program<'a>,
    /// Modules of types, and traits.
    pub never: &'a [(&'a str, &'a str)],
    /// The function whose body comes next.
    pub at: u32,
}

impl Reencode for Without<'_> {
    type Error = Infallible;

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Written {
        let at = self.at;
        self.at += 1;
        let range = body.range();
        let large = range.end - range.start > SMALL;
        if !large || !self.never.iter().any(|&(types, of)| self.program.implements(at, types, of)) {
            return utils::parse_function_body(self, code, body);
        }
        code.function(&ended());
        Ok(())
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
