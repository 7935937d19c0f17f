//! What the programs' texts have in common.

/// Invocations of a workgroup.
pub const GROUP: usize = 64;
/// Workgroups of `each`; an invocation has several numbers where they are more.
const MOST_GROUPS: usize = 4096;

/// Buffers of numbers in the order in which they are bound: those that are read, then those that are written.
pub fn bindings(read: &[&str], written: &[&str]) -> String {
    let accesses = read.iter().map(|_| "read").chain(written.iter().map(|_| "read_write"));
    let names = read.iter().chain(written).zip(accesses).enumerate();
    let binding = |(at, (name, access)): (usize, (&&str, &str))| {
        format!("@group(0) @binding({at}) var<storage, {access}> {name}: array<f32>;\n")
    };
    names.map(binding).collect()
}

/// Workgroups of a program for each of so many numbers.
pub fn groups(numbers: usize) -> [usize; 3] {
    [numbers.div_ceil(GROUP).min(MOST_GROUPS), 1, 1]
}

/// `code` for each of so many numbers; it is the one at `at`.
pub fn each(numbers: usize, code: &str) -> String {
    let all = groups(numbers)[0] * GROUP;
    format!(
        "@compute @workgroup_size({GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {{
  for (var at = id.x; at < {numbers}u; at += {all}u) {{
{code}  }}
}}
"
    )
}
