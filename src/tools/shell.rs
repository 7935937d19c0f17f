//! Other programs, run so that a failure is a sentence that names the command.

use super::Result;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

pub fn command<A: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// Runs a program that talks to the person itself.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|e| not_started(command, &e))?;
    succeeded(command, status, "")
}

/// Runs a program quietly and gives what it wrote; what it complained about goes into the error.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command.output().map_err(|e| not_started(command, &e))?;
    succeeded(command, output.status, &String::from_utf8_lossy(&output.stderr))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, shows what it writes to its standard output and gives it too.
pub fn show_and_read(command: &mut Command) -> Result<String> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|e| not_started(command, &e))?;
    let mut text = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
            println!("{line}");
            text.push_str(&line);
            text.push('\n');
        }
    }
    let status = child.wait().map_err(|e| format!("lost sight of {}: {e}", shown(command)))?;
    succeeded(command, status, "")?;
    Ok(text)
}

/// What the program complained about says more than its arguments do; where it has already said it to the person,
/// the command is named so that it can be tried by hand.
fn succeeded(command: &Command, status: ExitStatus, complaint: &str) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    match complaint.trim() {
        "" => Err(format!("{} failed ({status})", shown(command))),
        complaint => Err(format!("{} failed: {}", program(command), complaint.replace('\n', "; "))),
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    let program = program(command);
    match error.kind() {
        ErrorKind::NotFound => format!("“{program}” is needed and is not installed"),
        _ => format!("“{program}” did not start: {error}"),
    }
}

/// The program without its folder.
fn program(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    format!("“{} {}”", program(command), arguments.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_sentences() {
        let missing = run(&mut command("intab-has-no-such-program", ["x"])).unwrap_err();
        assert_eq!(missing, "“intab-has-no-such-program” is needed and is not installed");
        let failed = read(&mut command("sh", ["-c", "echo no milk >&2; exit 3"])).unwrap_err();
        assert_eq!(failed, "sh failed: no milk");
        let silent = run(&mut command("sh", ["-c", "exit 3"])).unwrap_err();
        assert_eq!(silent, "“sh -c exit 3” failed (exit status: 3)");
    }
}
