//! The second half, written.

use super::cut::{Cut, FIRST};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, FunctionSection,
    ImportSection, Module, TypeSection,
};

/// Copies bodies into the second half, whose functions are those taken from the first and then its own.
struct Rest<'a>(&'a Cut<'a>);

impl Reencode for Rest<'_> {
    type Error = Infallible;

    fn function_index(&mut self, at: u32) -> Result<u32, Error<Infallible>> {
        let Cut { taken, cold, .. } = self.0;
        let place = taken.binary_search(&at);
        Ok(place.unwrap_or_else(|_| taken.len() + cold.partition_point(|cold| *cold < at)) as u32)
    }
}

/// The second half.
pub fn rest(cut: &Cut<'_>) -> Result<Vec<u8>, Error<Infallible>> {
    let program = cut.program;
    let mut rest = Rest(cut);
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
    for at in &cut.cold {
        functions.function(program.functions[*at as usize]);
        let body = &program.bodies[(at - program.imported) as usize];
        rest.parse_function_body(&mut code, body.clone())?;
    }
    let mut elements = ElementSection::new();
    let slots: Vec<u32> = cut.slots.iter().map(|at| rest.function_index(*at)).collect::<Result<_, _>>()?;
    let base = ConstExpr::i32_const(cut.base() as i32);
    elements.active(Some(program.table), &base, Elements::Functions(slots.into()));
    let mut data = DataSection::new();
    for (address, bytes) in &program.data {
        for part in cut.later(*address, bytes) {
            let place = ConstExpr::i32_const((*address + part.start as u32) as i32);
            data.active(0, &place, bytes[part].iter().copied());
        }
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
    module.section(&data);
    Ok(module.finish())
}
