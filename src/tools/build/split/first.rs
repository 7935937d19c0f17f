//! The first half, written.

use super::cut::{Cut, REST, Written};
use super::layout;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, DataSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    ImportSection, Instruction, Module, TableSection, TypeSection,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, Data, ExportSectionReader, FunctionSectionReader,
    ImportSectionReader, TableSectionReader, TypeSectionReader, ValType,
};

/// Writes the program with stubs for what is in the second half.
pub struct First<'a>(pub &'a Cut<'a>);

impl First<'_> {
    /// The type of functions from a number to a number, and whether the program has it.
    fn number_to_number(&self) -> (u32, bool) {
        let types = &self.0.program.types;
        let number = [ValType::I32];
        let at = types.iter().position(|kind| kind.params() == number && kind.results() == number);
        (at.unwrap_or(types.len()) as u32, at.is_some())
    }

    /// Takes a slot, sees that it is filled, and returns it.
    fn fill(&self) -> Function {
        let mut fill = Function::new([]);
        fill.instruction(&Instruction::LocalGet(0))
            .instruction(&Instruction::TableGet(self.0.program.table))
            .instruction(&Instruction::RefIsNull)
            .instruction(&Instruction::If(BlockType::Empty))
            .instruction(&Instruction::Call(self.0.load()))
            .instruction(&Instruction::End)
            .instruction(&Instruction::LocalGet(0))
            .instruction(&Instruction::End);
        fill
    }

    /// Calls through the slot, which the rest has filled once it is there.
    fn stub(&self, at: u32, slot: u32) -> Function {
        let kind = self.0.program.functions[at as usize];
        let mut stub = Function::new([]);
        for local in 0..self.0.program.types[kind as usize].params().len() {
            stub.instruction(&Instruction::LocalGet(local as u32));
        }
        stub.instruction(&Instruction::I32Const(slot as i32))
            .instruction(&Instruction::Call(self.0.fill()))
            .instruction(&Instruction::CallIndirect { type_index: kind, table_index: self.0.program.table })
            .instruction(&Instruction::End);
        stub
    }
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, at: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.0.number(at))
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Written {
        utils::parse_type_section(self, types, section)?;
        if !self.number_to_number().1 {
            types.ty().function([wasm_encoder::ValType::I32], [wasm_encoder::ValType::I32]);
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Written {
        utils::parse_import_section(self, imports, section)?;
        imports.import(REST, "load", EntityType::Function(self.0.program.nothing));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Written {
        functions.function(self.number_to_number().0);
        for at in self.0.hot.iter().chain(&self.0.slots) {
            functions.function(self.0.program.functions[*at as usize]);
        }
        Ok(())
    }

    fn parse_table_section(&mut self, tables: &mut TableSection, section: TableSectionReader<'_>) -> Written {
        for (at, table) in (0..).zip(section) {
            let mut table = table?;
            if at == self.0.program.table {
                let more = self.0.slots.len() as u64;
                table.ty.initial += more;
                table.ty.maximum = table.ty.maximum.map(|most| most + more);
            }
            utils::parse_table(self, tables, table)?;
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Written {
        utils::parse_export_section(self, exports, section)?;
        for (name, kind, at) in self.0.program.shared() {
            exports.export(&name, kind, at);
        }
        for at in &self.0.taken {
            exports.export(&at.to_string(), ExportKind::Func, self.0.number(*at));
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: CodeSectionReader<'_>) -> Written {
        code.function(&self.fill());
        for at in &self.0.hot {
            let body = &self.0.program.bodies[(at - self.0.program.imported) as usize];
            self.parse_function_body(code, body.clone())?;
        }
        for (slot, at) in (self.0.base()..).zip(&self.0.slots) {
            code.function(&self.stub(*at, slot));
        }
        Ok(())
    }

    fn parse_data(&mut self, section: &mut DataSection, data: Data<'_>) -> Written {
        let mut bytes = data.data.to_vec();
        if let Some(address) = layout::address(&data.kind) {
            self.0.later(address, data.data).for_each(|part| bytes[part].fill(0));
        }
        utils::parse_data(self, section, Data { data: &bytes, ..data })
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Written {
        if section.name() == "name" { Ok(()) } else { utils::parse_custom_section(self, module, section) }
    }
}
