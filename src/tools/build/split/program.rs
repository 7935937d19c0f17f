//! What has to be known of a program before it can be cut.

use super::layout;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ExportKind, Instruction};
use wasmparser::{
    Element, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, GlobalType, KnownCustom,
    MemArg, MemoryType, Name, Operator, Parser, Payload, Result, TableType, TypeRef, ValType,
};

#[derive(Default)]
pub struct Program<'a> {
    pub types: Vec<FuncType>,
    /// The type of every function, imported ones first.
    pub functions: Vec<u32>,
    /// Of those, how many are imported.
    pub imported: u32,
    pub bodies: Vec<FunctionBody<'a>>,
    pub tables: Vec<TableType>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<GlobalType>,
    /// Where data goes in memory, and its bytes.
    pub data: Vec<(u32, &'a [u8])>,
    /// The table of functions.
    pub table: u32,
    /// The types of functions from nothing to nothing, and from one number to nothing.
    pub nothing: u32,
    pub number: u32,
    /// Functions that an export refers to, or that run first.
    pub exported: BTreeSet<u32>,
    /// Functions by their places in the table.
    pub places: BTreeMap<u32, u32>,
    names: HashMap<u32, &'a str>,
}

impl<'a> Program<'a> {
    pub fn read(wasm: &'a [u8]) -> std::result::Result<Self, String> {
        let mut program = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            payload.and_then(|payload| program.take(payload)).map_err(|e| e.to_string())?;
        }
        let table = program.tables.iter().position(|table| table.element_type.is_func_ref());
        program.table = table.ok_or("the program has no table of functions")? as u32;
        program.nothing = program.kind(&[])?;
        program.number = program.kind(&[ValType::I32])?;
        Ok(program)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                self.types = types.into_iter_err_on_gc_types().collect::<Result<_>>()?;
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    match import?.ty {
                        TypeRef::Func(kind) => self.functions.push(kind),
                        TypeRef::Table(table) => self.tables.push(table),
                        TypeRef::Memory(memory) => self.memories.push(memory),
                        TypeRef::Global(global) => self.globals.push(global),
                        _ => (),
                    }
                }
                self.imported = self.functions.len() as u32;
            }
            Payload::FunctionSection(functions) => {
                self.functions.extend(functions.into_iter().collect::<Result<Vec<_>>>()?);
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(memories) => {
                self.memories.extend(memories.into_iter().collect::<Result<Vec<_>>>()?);
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exported.insert(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => drop(self.exported.insert(func)),
            Payload::ElementSection(segments) => {
                for segment in segments {
                    self.take_places(segment?)?;
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment?;
                    self.data.extend(layout::address(&segment.kind).map(|start| (start, segment.data)));
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        self.take_names(subsection?)?;
                    }
                }
            }
            _ => (),
        }
        Ok(())
    }

    fn take_places(&mut self, segment: Element<'a>) -> Result<()> {
        let ElementItems::Functions(functions) = segment.items else { return Ok(()) };
        let start = match segment.kind {
            ElementKind::Active { offset_expr, .. } => layout::number(&offset_expr),
            _ => None,
        };
        for (at, function) in functions.into_iter().enumerate() {
            match start {
                Some(start) => drop(self.places.insert(start + at as u32, function?)),
                // Wherever it goes, it may be called there.
                None => drop(self.exported.insert(function?)),
            }
        }
        Ok(())
    }

    fn take_names(&mut self, names: Name<'a>) -> Result<()> {
        if let Name::Function(names) = names {
            for naming in names {
                let naming = naming?;
                self.names.insert(naming.index, naming.name);
            }
        }
        Ok(())
    }

    fn kind(&self, params: &[ValType]) -> std::result::Result<u32, String> {
        let fits = |kind: &FuncType| kind.params() == params && kind.results().is_empty();
        let at = self.types.iter().position(fits);
        at.map(|at| at as u32)
            .ok_or_else(|| format!("the program has no function from {params:?} to nothing"))
    }

    /// A function's number where one more is imported.
    pub fn shifted(&self, at: u32) -> u32 {
        at + u32::from(at >= self.imported)
    }

    /// Tables, memories and globals, each with the name under which the second half has it from the first.
    pub fn shared(&self) -> impl Iterator<Item = (String, ExportKind, u32)> + use<> {
        let all = |letter: char, kind: ExportKind, count: usize| {
            (0..count as u32).map(move |at| (format!("{letter}{at}"), kind, at))
        };
        all('t', ExportKind::Table, self.tables.len())
            .chain(all('m', ExportKind::Memory, self.memories.len()))
            .chain(all('g', ExportKind::Global, self.globals.len()))
    }

    /// Functions that a defined function calls or takes a reference to.
    pub fn calls(&self, at: u32) -> Result<Vec<u32>> {
        let mut calls = Vec::new();
        for operator in self.bodies[(at - self.imported) as usize].get_operators_reader()? {
            if let Operator::Call { function_index: at }
            | Operator::ReturnCall { function_index: at }
            | Operator::RefFunc { function_index: at } = operator?
            {
                calls.push(at);
            }
        }
        Ok(calls)
    }

    /// Numbers in a defined function that may be addresses.
    pub fn numbers(&self, at: u32) -> Result<BTreeSet<u32>> {
        let body = &self.bodies[(at - self.imported) as usize];
        let mut numbers = Numbers::default();
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            match utils::parse_instruction(&mut numbers, &mut reader) {
                Ok(Instruction::I32Const(number)) => numbers.take(number as u128, 1),
                Ok(Instruction::I64Const(number)) => numbers.take(number as u128, 2),
                Ok(Instruction::V128Const(number)) => numbers.take(number as u128, 4),
                _ => (),
            }
        }
        Ok(numbers.0)
    }

    /// The number in memory at an address where a program begins.
    pub fn word(&self, address: u32) -> u32 {
        let at = self.data.partition_point(|(start, _)| *start <= address);
        let bytes = at.checked_sub(1).and_then(|at| {
            let (start, bytes) = self.data[at];
            bytes.get((address - start) as usize..)?.first_chunk()
        });
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    /// What a function is known by from build to build.
    pub fn hash(&self, at: u32) -> u32 {
        crc32fast::hash(stable(self.name(at)).as_bytes())
    }

    /// Whether a function is a trait's, for a type of this module.
    pub fn implements(&self, at: u32, types: &str, of: &str) -> bool {
        implements(&stable(self.name(at)), types, of)
    }

    fn name(&self, at: u32) -> &'a str {
        self.names.get(&at).copied().unwrap_or_default()
    }
}

/// Collects numbers of 32 bits.
#[derive(Default)]
struct Numbers(BTreeSet<u32>);

impl Numbers {
    /// The optimiser may have put two or four of them into one.
    fn take(&mut self, number: u128, parts: u32) {
        self.0.extend((0..parts).map(|part| (number >> (32 * part)) as u32));
    }
}

impl Reencode for Numbers {
    type Error = Infallible;

    fn mem_arg(&mut self, at: MemArg) -> std::result::Result<wasm_encoder::MemArg, Error<Infallible>> {
        self.0.insert(at.offset as u32);
        utils::mem_arg(self, at)
    }
}

/// `<a::B as c::D>::f` implements `c::D`, and `c`, for types in `a`, and for any: the empty module.
fn implements(name: &str, types: &str, of: &str) -> bool {
    let Some((first, second)) = name.strip_prefix('<').and_then(as_what) else { return false };
    let is_in = |path: &str, module: &str| {
        path.strip_prefix(module)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    (types.is_empty() || is_in(first, types)) && is_in(second, of)
}

/// What is before and after the first ` as ` that is not in brackets.
fn as_what(inner: &str) -> Option<(&str, &str)> {
    let (mut depth, mut before) = (0, ' ');
    for (at, letter) in inner.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if before == '-' => (),
            '>' if depth == 0 => return None,
            '>' => depth -= 1,
            ' ' if depth == 0 && inner[at..].starts_with(" as ") => {
                return Some((&inner[..at], &inner[at + 4..]));
            }
            _ => (),
        }
        before = letter;
    }
    None
}

/// A name without what compiler and optimiser add to tell crates and copies apart: `a[3f2e]::b::{closure#1}_27` is
/// `a::b::{closure#1}`.
fn stable(name: &str) -> String {
    let end = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = end.strip_suffix('_').filter(|_| end.len() < name.len()).unwrap_or(name);
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once(']') {
            Some((hash, later)) if !hash.is_empty() && hash.chars().all(|c| c.is_ascii_hexdigit()) => {
                rest = later
            }
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_the_same_in_the_next_build() {
        assert_eq!(super::stable("a[3f2e]::b::<[u8; 3]>::{closure#1}_27"), "a::b::<[u8; 3]>::{closure#1}");
        assert_eq!(super::stable("f32"), "f32");
    }

    #[test]
    fn a_traits_functions_are_told_by_their_names() {
        let name = "<a::B<fn() -> u8, <c::C as d::D>::E> as e::Trait<f::F>>::g";
        let implements = super::implements;
        assert!(
            implements(name, "a", "e::Trait")
                && implements(name, "a::B", "e")
                && implements(name, "", "e::Trait")
        );
        assert!(
            !implements(name, "c", "e::Trait")
                && !implements(name, "a", "d::D")
                && !implements(name, "a", "e::Tr")
        );
        assert!(!implements("<a::B>::as::<c::D>", "a", "c") && !implements("a::f", "a", ""));
    }
}
