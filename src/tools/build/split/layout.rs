//! What the linker knows of a program's memory, and the program itself no longer says: where each thing in it starts and
//! ends, and which words of it are addresses (`--emit-relocs`, which build.rs asks for).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use wasmparser::{
    BinaryReader, ConstExpr, DataKind, DefinedDataSymbol, KnownCustom, Linking, Operator, Parser, Payload,
    RelocationEntry, RelocationType, Result, SymbolInfo,
};

#[derive(Default, Serialize, Deserialize)]
pub struct Layout {
    /// Start and end of each thing, in order. Things that share bytes are one.
    things: Vec<(u32, u32)>,
    /// Words that hold an address in a thing: where they are, and the thing's number.
    addresses: Vec<(u32, usize)>,
    /// Words that hold a function's place in the table.
    functions: Vec<u32>,
    /// Things that code reaches from an address outside of them: no number in the code tells those.
    far: BTreeSet<usize>,
    /// Addresses of things in the code, and of their ends.
    starts: BTreeSet<u32>,
    ends: BTreeSet<u32>,
    /// Places in the table of functions that code names.
    places: BTreeSet<u32>,
}

impl Layout {
    /// Reads it from a program as it comes from the linker.
    pub fn read(wasm: &[u8]) -> std::result::Result<Self, String> {
        let mut linked = Linked::default();
        for payload in Parser::new(0).parse_all(wasm) {
            payload.and_then(|payload| linked.take(payload)).map_err(|e| e.to_string())?;
        }
        if linked.symbols.is_empty() {
            return Err("the linker has not said what is where in memory (--emit-relocs, build.rs)".into());
        }
        linked.layout(wasm).map_err(|e| e.to_string())
    }

    /// The thing that an address is in, or the end of. Where that is the start of another, the linker knows which was meant,
    /// if not both.
    fn of(&self, address: u32) -> impl Iterator<Item = usize> {
        let next = self.things.partition_point(|(start, _)| *start <= address);
        let (of_start, of_end) = (self.starts.contains(&address), self.ends.contains(&address));
        (next.saturating_sub(2)..next).filter(move |at| {
            let (start, end) = self.things[*at];
            match address {
                _ if address == start => of_start || !of_end,
                _ if address == end => of_end || !of_start,
                _ => address < end,
            }
        })
    }

    /// Of `all`, which are at addresses in order, those in a thing.
    fn within<T>(all: &[T], (start, end): (u32, u32), at: impl Fn(&T) -> u32) -> &[T] {
        let place = |address| all.partition_point(|one| at(one) < address);
        &all[place(start)..place(end)]
    }

    /// A thing's words that hold a function's place in the table.
    pub fn functions(&self, thing: usize) -> &[u32] {
        Self::within(&self.functions, self.things[thing], |at| *at)
    }

    /// Whether a number in the code is a place in the table of functions.
    pub fn is_place(&self, number: u32) -> bool {
        self.places.contains(&number)
    }

    /// Things that are needed whatever runs, with all that they refer to.
    pub fn always(&self) -> BTreeSet<usize> {
        let mut needed = BTreeSet::new();
        self.far.iter().for_each(|thing| drop(self.reach(*thing, &mut needed)));
        needed
    }

    /// Adds what a number in the code may be the address of, and all that this refers to, and returns what is new.
    pub fn refer(&self, number: u32, needed: &mut BTreeSet<usize>) -> Vec<usize> {
        self.of(number).flat_map(|thing| self.reach(thing, needed)).collect()
    }

    fn reach(&self, thing: usize, needed: &mut BTreeSet<usize>) -> Vec<usize> {
        let (mut todo, mut new) = (vec![thing], Vec::new());
        while let Some(thing) = todo.pop() {
            if needed.insert(thing) {
                new.push(thing);
                let words = Self::within(&self.addresses, self.things[thing], |(at, _)| *at);
                todo.extend(words.iter().map(|(_, thing)| *thing));
            }
        }
        new
    }

    /// Starts and ends of what is not among these things, neighbours as one.
    pub fn without(&self, needed: &BTreeSet<usize>) -> Vec<(u32, u32)> {
        let mut others: Vec<(u32, u32)> = Vec::new();
        let mut last = None;
        for (at, (start, end)) in self.things.iter().enumerate().filter(|(at, _)| !needed.contains(at)) {
            match others.last_mut() {
                // Between them is nothing.
                Some(other) if at > 0 && last == Some(at - 1) => other.1 = *end,
                _ => others.push((*start, *end)),
            }
            last = Some(at);
        }
        others
    }
}

/// What a program from the linker says of it.
#[derive(Default)]
struct Linked {
    /// Where each segment of data starts in memory.
    segments: Vec<u32>,
    /// Where each segment's bytes start and end in the section of data, and where the first is in memory.
    data: Vec<(u32, u32, u32)>,
    /// Where the section of code starts in the file.
    code: usize,
    symbols: Vec<Option<DefinedDataSymbol>>,
    in_code: Vec<RelocationEntry>,
    in_data: Vec<RelocationEntry>,
}

impl Linked {
    fn take(&mut self, payload: Payload<'_>) -> Result<()> {
        match payload {
            Payload::CodeSectionStart { unchecked_range, .. } => self.code = unchecked_range.start as usize,
            Payload::DataSection(section) => {
                let start = section.range().start;
                for data in section {
                    let data = data?;
                    let address = address(&data.kind).unwrap_or_default();
                    let end = (data.range.end - start) as u32;
                    self.data.push((end - data.data.len() as u32, end, address));
                    self.segments.push(address);
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Linking(linking) => {
                    for part in linking.subsections() {
                        self.take_symbols(part?)?;
                    }
                }
                KnownCustom::Reloc(list) => {
                    let list = list.entries().into_iter().collect::<Result<Vec<_>>>()?;
                    match section.name() {
                        "reloc.CODE" => self.in_code = list,
                        "reloc.DATA" => self.in_data = list,
                        _ => (),
                    }
                }
                _ => (),
            },
            _ => (),
        }
        Ok(())
    }

    fn take_symbols(&mut self, part: Linking<'_>) -> Result<()> {
        if let Linking::SymbolTable(symbols) = part {
            for symbol in symbols {
                self.symbols.push(match symbol? {
                    SymbolInfo::Data { symbol, .. } => symbol,
                    _ => None,
                });
            }
        }
        Ok(())
    }

    /// Start and end of what a symbol means, where the program brings bytes for it.
    fn of(&self, symbol: u32) -> Option<(u32, u32)> {
        let symbol = self.symbols.get(symbol as usize)?.as_ref()?;
        let start = self.segments.get(symbol.index as usize)? + symbol.offset;
        (symbol.size > 0).then_some((start, start + symbol.size))
    }

    /// Where a place in the section of data is in memory.
    fn address(&self, offset: u32) -> Option<u32> {
        let (start, _, address) =
            self.data.iter().find(|(start, end, _)| (*start..*end).contains(&offset))?;
        Some(offset - start + address)
    }

    fn layout(&self, wasm: &[u8]) -> Result<Layout> {
        let mut layout = Layout { things: self.things(), ..Layout::default() };
        let things = layout.things.clone();
        let thing = |(start, _): (u32, u32)| things.partition_point(|(first, _)| *first <= start) - 1;
        for entry in &self.in_data {
            let Some(at) = self.address(entry.offset) else { continue };
            match entry.ty {
                RelocationType::MemoryAddrI32 | RelocationType::MemoryAddrLocrelI32 => {
                    layout.addresses.extend(self.of(entry.index).map(|symbol| (at, thing(symbol))));
                }
                RelocationType::TableIndexI32 => layout.functions.push(at),
                _ => (),
            }
        }
        for entry in &self.in_code {
            match entry.ty {
                RelocationType::MemoryAddrLeb | RelocationType::MemoryAddrSleb => {
                    let Some(symbol) = self.of(entry.index) else { continue };
                    let at = thing(symbol);
                    let (start, end) = layout.things[at];
                    let number = i64::from(symbol.0) + entry.addend;
                    match u32::try_from(number) {
                        Ok(number) if number == start => drop(layout.starts.insert(number)),
                        Ok(number) if number == end => drop(layout.ends.insert(number)),
                        Ok(number) if (start..end).contains(&number) => (),
                        _ => drop(layout.far.insert(at)),
                    }
                }
                RelocationType::TableIndexSleb => {
                    let start = self.code + entry.offset as usize;
                    let mut number = BinaryReader::new(&wasm[start..], start as u64);
                    layout.places.insert(number.read_var_i32()? as u32);
                }
                _ => (),
            }
        }
        layout.addresses.sort_unstable();
        layout.functions.sort_unstable();
        Ok(layout)
    }

    /// What the symbols mean, in order, and as one where they share bytes.
    fn things(&self) -> Vec<(u32, u32)> {
        let mut symbols: Vec<_> = (0..self.symbols.len() as u32).filter_map(|at| self.of(at)).collect();
        symbols.sort_unstable();
        let mut things: Vec<(u32, u32)> = Vec::new();
        for (start, end) in symbols {
            match things.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => things.push((start, end)),
            }
        }
        things
    }
}

/// Where a segment of data goes that has a place of its own in memory.
pub fn address(kind: &DataKind<'_>) -> Option<u32> {
    let DataKind::Active { offset_expr, .. } = kind else { return None };
    number(offset_expr)
}

/// What an expression says that is a number.
pub fn number(expression: &ConstExpr<'_>) -> Option<u32> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Some(value as u32),
        _ => None,
    }
}
