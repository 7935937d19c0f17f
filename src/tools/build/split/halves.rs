//! The two halves, written.

use super::program::Program;
use std::collections::BTreeSet;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Instruction, Module, TableSection, TypeSection,
};
use wasmparser::{CustomSectionReader, FunctionBody, ImportSectionReader, KnownCustom, TableSectionReader};

type Written = Result<(), Error<Infallible>>;

/// What the halves call each other; `rest.js` knows these names.
const FIRST: &str = "first";
const REST: &str = "rest";

/// Which function is where. Functions are numbered as in the whole program.
pub struct Cut<'a> {
    pub program: &'a Program<'a>,
    /// Defined functions that are in the second half.
    pub cold: BTreeSet<u32>,
    /// Those of them that something in the first half refers to, each with a slot of the table.
    pub slots: Vec<u32>,
    /// Functions of the first half, imported ones among them, that the second calls.
    pub taken: Vec<u32>,
}

impl Cut<'_> {
    /// The first slot of the table that is new.
    fn base(&self) -> u32 {
        self.program.tables[self.program.table as usize].initial as u32
    }

    /// Calls through the slot, which the rest has filled once it is there.
    fn stub(&self, at: u32, slot: u32) -> Function {
        let kind = self.program.functions[at as usize];
        let table = self.program.table;
        let mut stub = Function::new([]);
        stub.instruction(&Instruction::I32Const(slot as i32))
            .instruction(&Instruction::TableGet(table))
            .instruction(&Instruction::RefIsNull)
            .instruction(&Instruction::If(BlockType::Empty))
            .instruction(&Instruction::Call(self.program.imported))
            .instruction(&Instruction::End);
        for local in 0..self.program.types[kind as usize].params().len() {
            stub.instruction(&Instruction::LocalGet(local as u32));
        }
        stub.instruction(&Instruction::I32Const(slot as i32))
            .instruction(&Instruction::CallIndirect { type_index: kind, table_index: table })
            .instruction(&Instruction::End);
        stub
    }
}

/// Writes the first half.
pub struct First<'a> {
    pub cut: &'a Cut<'a>,
    /// The function whose body comes next.
    pub at: u32,
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, at: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.cut.program.shifted(at))
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Written {
        utils::parse_import_section(self, imports, section)?;
        imports.import(REST, "load", EntityType::Function(self.cut.program.nothing));
        Ok(())
    }

    fn parse_table_section(&mut self, tables: &mut TableSection, section: TableSectionReader<'_>) -> Written {
        for (at, table) in (0..).zip(section) {
            let mut table = table?;
            if at == self.cut.program.table {
                let more = self.cut.slots.len() as u64;
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
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Written {
        utils::parse_export_section(self, exports, section)?;
        for (name, kind, at) in self.cut.program.shared() {
            exports.export(&name, kind, at);
        }
        for at in &self.cut.taken {
            exports.export(&at.to_string(), ExportKind::Func, self.cut.program.shifted(*at));
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Written {
        let at = self.at;
        self.at += 1;
        if !self.cut.cold.contains(&at) {
            return utils::parse_function_body(self, code, body);
        }
        if let Ok(slot) = self.cut.slots.binary_search(&at) {
            code.function(&self.cut.stub(at, self.cut.base() + slot as u32));
        } else {
            // Nothing calls it here; the optimiser takes it away.
            code.function(&ended());
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Written {
        let is_names = matches!(section.as_known(), KnownCustom::Name(_));
        if is_names { Ok(()) } else { utils::parse_custom_section(self, module, section) }
    }
}

/// Copies bodies into the second half, whose functions are those taken from the first and then its own.
struct Rest<'a> {
    cut: &'a Cut<'a>,
    cold: Vec<u32>,
}

impl Reencode for Rest<'_> {
    type Error = Infallible;

    fn function_index(&mut self, at: u32) -> Result<u32, Error<Infallible>> {
        let taken = &self.cut.taken;
        let place = taken.binary_search(&at);
        Ok(place.unwrap_or_else(|_| taken.len() + self.cold.partition_point(|cold| *cold < at)) as u32)
    }
}

/// The second half.
pub fn rest(cut: &Cut<'_>) -> Result<Vec<u8>, Error<Infallible>> {
    let program = cut.program;
    let mut rest = Rest { cut, cold: cut.cold.iter().copied().collect() };
    let mut types = TypeSection::new();
    for kind in &program.types {
        types.ty().func_type(&rest.func_type(kind.clone())?);
    }
    let mut imports = ImportSection::new();
    for at in &cut.taken {
        imports.import(FIRST, &at.to_string(), EntityType::Function(program.functions[*at as usize]));
    }
    for (name, kind, at) in program.shared() {
        let at = at as usize;
        let kind = match kind {
            ExportKind::Table => {
                let mut table = program.tables[at];
                table.maximum = None;
                EntityType::Table(rest.table_type(table)?)
            }
            ExportKind::Memory => EntityType::Memory(rest.memory_type(program.memories[at])?),
            _ => EntityType::Global(rest.global_type(program.globals[at])?),
        };
        imports.import(FIRST, &name, kind);
    }
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for at in rest.cold.clone() {
        functions.function(program.functions[at as usize]);
        rest.parse_function_body(&mut code, program.bodies[(at - program.imported) as usize].clone())?;
    }
    let mut elements = ElementSection::new();
    let slots: Vec<u32> = cut.slots.iter().map(|at| rest.function_index(*at)).collect::<Result<_, _>>()?;
    let base = ConstExpr::i32_const(cut.base() as i32);
    elements.active(Some(program.table), &base, Elements::Functions(slots.into()));
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
    Ok(module.finish())
}

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
