//! The files in an unpacked tar archive (POSIX.1-1988 “ustar” and what GNU tar makes of short names).

use crate::tools::Result;

const BLOCK: usize = 512;

/// Name and bytes of every plain file, in the archive's order.
pub fn files(archive: &[u8]) -> Result<Vec<(String, &[u8])>> {
    let mut files = Vec::new();
    let mut rest = archive;
    while let Some((header, behind)) = rest.split_at_checked(BLOCK) {
        // Two empty blocks end an archive.
        if header.iter().all(|&byte| byte == 0) {
            return Ok(files);
        }
        let size = octal(&header[124..136]).ok_or("the archive is damaged: a file has no size")?;
        let bytes = behind.get(..size).ok_or("the archive ends within a file")?;
        // '0' or nothing is a plain file; folders, links and notes to the unpacker are not wanted.
        if matches!(header[156], b'0' | 0) {
            let (name, folder) = (text(&header[..100]), text(&header[345..500]));
            let in_folder = header[257..].starts_with(b"ustar\0") && !folder.is_empty();
            files.push((if in_folder { format!("{folder}/{name}") } else { name }, bytes));
        }
        rest = behind.get(size.next_multiple_of(BLOCK)..).unwrap_or_default();
    }
    Err("the archive is cut short".into())
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn octal(field: &[u8]) -> Option<usize> {
    usize::from_str_radix(text(field).trim(), 8).ok()
}
