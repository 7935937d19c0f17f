//! Reads a Python pickle as data. A pickle is a program for a small machine with a stack; this machine knows only
//! what describes tensors, runs nothing, and refuses everything else by name. Values lie in one list and refer to
//! each other by index, so whatever a file says, reading it takes no more room than the file.

use crate::tools::Result;
use std::collections::HashMap;

/// More than any network's file has by far.
const MAX_VALUES: usize = 1_000_000;

/// The index of a value.
pub type At = usize;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    None,
    Bool(bool),
    Int(i128),
    Text(String),
    List(Vec<At>),
    Tuple(Vec<At>),
    Dict(Vec<(At, At)>),
    /// A name in a Python module: `torch FloatStorage`.
    Global(&'static str),
    /// What the file keeps elsewhere; the index says which.
    Elsewhere(At),
    /// One of `CALLS` with its arguments.
    Call(&'static str, At),
}

/// The names that a file of tensors needs: functions, whose calls are kept as data, and kinds of numbers.
const CALLS: [&str; 2] = ["torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter"];
const ORDERED: &str = "collections OrderedDict";
const KINDS: [&str; 3] = ["torch FloatStorage", "torch HalfStorage", "torch LongStorage"];

pub struct Pickle {
    values: Vec<Value>,
    root: At,
}

impl Pickle {
    pub fn root(&self) -> &Value {
        &self.values[self.root]
    }

    /// All values, also those that the root does not reach.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }

    /// Indices come from this pickle's own values.
    pub fn get(&self, at: At) -> &Value {
        &self.values[at]
    }
}

/// Reads the pickle at the beginning of `bytes` and moves them to what follows it.
pub fn read(bytes: &mut &[u8]) -> Result<Pickle> {
    let mut machine =
        Machine { bytes, values: Vec::new(), stack: Vec::new(), marks: Vec::new(), kept: HashMap::new() };
    loop {
        if let Some(root) = machine.step()? {
            return Ok(Pickle { values: machine.values, root });
        }
    }
}

struct Machine<'a, 'b> {
    bytes: &'a mut &'b [u8],
    values: Vec<Value>,
    stack: Vec<At>,
    /// How high the stack was at each mark that is still open.
    marks: Vec<usize>,
    kept: HashMap<u32, At>,
}

impl Machine<'_, '_> {
    /// Obeys one instruction; the last one gives the result.
    fn step(&mut self) -> Result<Option<At>> {
        let [opcode] = self.array()?;
        match opcode {
            b'.' => return self.pop().map(Some),
            0x80 => match self.array()? {
                [2] => {}
                [version] => {
                    return Err(format!("it is a pickle of version {version}, and only 2 is known here"));
                }
            },
            b'(' => self.marks.push(self.stack.len()),
            b'N' => self.push(Value::None)?,
            0x88 => self.push(Value::Bool(true))?,
            0x89 => self.push(Value::Bool(false))?,
            b'K' | b'M' | b'J' | 0x8a => self.number(opcode)?,
            b'X' => self.text()?,
            b'}' => self.push(Value::Dict(Vec::new()))?,
            b']' => self.push(Value::List(Vec::new()))?,
            b')' => self.push(Value::Tuple(Vec::new()))?,
            b't' => {
                let items = self.since_mark()?;
                self.push(Value::Tuple(items))?;
            }
            0x85..=0x87 => self.short_tuple(usize::from(opcode - 0x84))?,
            b'a' | b'e' | b's' | b'u' => self.fill(opcode)?,
            b'q' | b'r' | b'h' | b'j' => self.keep_or_get(opcode)?,
            b'c' => self.global()?,
            b'Q' => {
                let id = self.pop()?;
                self.push(Value::Elsewhere(id))?;
            }
            b'R' => self.call()?,
            b'b' => {
                // What Python would set on a finished object: torch's notes on versions, which nothing here needs.
                self.pop()?;
                self.top_dict()?;
            }
            other => return Err(format!("its instruction {other:#04x} is none that tensors need")),
        }
        Ok(None)
    }

    fn take(&mut self, count: usize) -> Result<&[u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or("it ends within a pickle")?;
        *self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| "it ends within a pickle".into())
    }

    fn push(&mut self, value: Value) -> Result<()> {
        if self.values.len() >= MAX_VALUES {
            return Err("its pickle holds more values than any network".into());
        }
        self.stack.push(self.values.len());
        self.values.push(value);
        Ok(())
    }

    /// The topmost value above the last mark.
    fn pop(&mut self) -> Result<At> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() > floor { self.stack.pop() } else { None }
            .ok_or_else(|| "its pickle takes a value that is not there".into())
    }

    fn since_mark(&mut self) -> Result<Vec<At>> {
        let mark = self.marks.pop().ok_or("its pickle goes back to a mark that is not there")?;
        Ok(self.stack.split_off(mark))
    }

    fn number(&mut self, opcode: u8) -> Result<()> {
        let number = match opcode {
            b'K' => i128::from(u8::from_le_bytes(self.array()?)),
            b'M' => i128::from(u16::from_le_bytes(self.array()?)),
            b'J' => i128::from(i32::from_le_bytes(self.array()?)),
            _ => {
                let [length] = self.array()?;
                let bytes = self.take(usize::from(length))?;
                if bytes.len() > 16 {
                    return Err("its pickle has a number of more than 128 bits".into());
                }
                let fill = if bytes.last().is_some_and(|byte| byte & 0x80 != 0) { 0xff } else { 0 };
                let mut whole = [fill; 16];
                whole[..bytes.len()].copy_from_slice(bytes);
                i128::from_le_bytes(whole)
            }
        };
        self.push(Value::Int(number))
    }

    fn text(&mut self) -> Result<()> {
        let length = u32::from_le_bytes(self.array()?) as usize;
        let text =
            std::str::from_utf8(self.take(length)?).map_err(|_| "its pickle has a text that is not UTF-8")?;
        let text = text.to_string();
        self.push(Value::Text(text))
    }

    fn short_tuple(&mut self, count: usize) -> Result<()> {
        let mut items = (0..count).map(|_| self.pop()).collect::<Result<Vec<_>>>()?;
        items.reverse();
        self.push(Value::Tuple(items))
    }

    /// Adds to a list or a dictionary: one thing, or all since the mark.
    fn fill(&mut self, opcode: u8) -> Result<()> {
        let mut items = match opcode {
            b'a' => vec![self.pop()?],
            b's' => {
                let value = self.pop()?;
                vec![self.pop()?, value]
            }
            _ => self.since_mark()?,
        };
        if matches!(opcode, b's' | b'u') {
            let (pairs, []) = items.as_chunks() else {
                return Err("its pickle has a key without a value".into());
            };
            self.top_dict()?.extend(pairs.iter().map(|[key, value]| (*key, *value)));
            return Ok(());
        }
        match self.top()? {
            Value::List(list) => list.append(&mut items),
            _ => return Err("its pickle adds to a list that is none".into()),
        }
        Ok(())
    }

    fn top(&mut self) -> Result<&mut Value> {
        let at = self.stack.last().ok_or("its pickle takes a value that is not there")?;
        Ok(&mut self.values[*at])
    }

    fn top_dict(&mut self) -> Result<&mut Vec<(At, At)>> {
        match self.top()? {
            Value::Dict(pairs) => Ok(pairs),
            _ => Err("its pickle changes a value that cannot be changed".into()),
        }
    }

    fn keep_or_get(&mut self, opcode: u8) -> Result<()> {
        let name = match opcode {
            b'q' | b'h' => u32::from(u8::from_le_bytes(self.array()?)),
            _ => u32::from_le_bytes(self.array()?),
        };
        if matches!(opcode, b'q' | b'r') {
            let at = *self.stack.last().ok_or("its pickle keeps a value that is not there")?;
            self.kept.insert(name, at);
        } else {
            let at = *self.kept.get(&name).ok_or("its pickle asks for a value that it did not keep")?;
            self.stack.push(at);
        }
        Ok(())
    }

    fn global(&mut self) -> Result<()> {
        let name = format!("{} {}", self.line()?, self.line()?);
        let mut known = CALLS.iter().chain(&KINDS).chain([&ORDERED]);
        let known = known.find(|known| **known == name);
        let known = known.ok_or_else(|| {
            format!("it asks for Python's “{}”, which tensors do not need", name.replace(' ', "."))
        })?;
        self.push(Value::Global(known))
    }

    fn line(&mut self) -> Result<String> {
        let end = self.bytes.iter().take(256).position(|byte| *byte == b'\n');
        let end = end.ok_or("its pickle has a name without an end")?;
        let line = String::from_utf8_lossy(self.take(end)?).into_owned();
        self.take(1)?;
        Ok(line)
    }

    fn call(&mut self) -> Result<()> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        match (&self.values[function], &self.values[arguments]) {
            (Value::Global(ORDERED), Value::Tuple(none)) if none.is_empty() => {
                self.push(Value::Dict(Vec::new()))
            }
            (Value::Global(name), Value::Tuple(_)) if CALLS.contains(name) => {
                self.push(Value::Call(name, arguments))
            }
            _ => Err("its pickle calls what cannot be called".into()),
        }
    }
}
