//! Numbers in words, so that the same number reads the same everywhere, with the marks of the page's language.
pub use crate::ui::language::count;
use crate::ui::language::{numeral, tr};

const THIN: char = '\u{202f}';

/// A share as a percentage, with as many decimals as `of` examples can give: “98.12 %”.
pub fn percent(share: f64, of: u32) -> String {
    let decimals = match of {
        0..500 => 0,
        500..5_000 => 1,
        _ => 2,
    };
    // Rounded down: 99.996 % is not “100.00 %”.
    let unit = 10_f64.powi(decimals);
    let shown = (share * 100.0 * unit + 1e-6).floor() / unit;
    numeral(format!("{shown:.*}{THIN}%", decimals as usize))
}

/// A probability, in whole per cent unless it is very sure: “97 %”, “99.8 %”, “> 99.9 %”.
pub fn chance(p: f32) -> String {
    let percent = f64::from(p) * 100.0;
    numeral(match percent {
        99.95.. => format!("> 99.9{THIN}%"),
        99.0..99.95 => format!("{percent:.1}{THIN}%"),
        _ => format!("{percent:.0}{THIN}%"),
    })
}

/// Three significant digits: “0.0521”, “2.30”, “14.2”, “312”.
pub fn number(v: f64) -> String {
    if v == 0.0 || !v.is_finite() {
        return if v == 0.0 { "0".into() } else { "—".into() };
    }
    let magnitude = v.abs().log10().floor() as i32;
    if magnitude < -5 {
        return numeral(format!("{v:.1e}").replace('-', "−"));
    }
    decimals(v, (2 - magnitude).clamp(0, 7) as usize)
}

/// So many digits after the mark.
pub fn decimals(v: f64, count: usize) -> String {
    numeral(format!("{v:.count$}").replace('-', "−"))
}

/// As a person would type it: “0.004”, “64”.
pub fn plain(v: f64) -> String {
    numeral(if v != 0.0 && v.abs() < 1e-4 { format!("{v:e}") } else { v.to_string() })
}

/// “1.2 of 11 MB”, or “11 MB” when everything is there.
pub fn bytes_of(have: u64, all: u64) -> String {
    let (unit, name) = if all >= 1_000_000 { (1e6, "MB") } else { (1e3, "kB") };
    let show = |n: u64| {
        let n = n as f64 / unit;
        decimals(n, if n >= 10.0 || n == 0.0 { 0 } else { 1 })
    };
    if have >= all {
        format!("{}{THIN}{name}", show(all))
    } else {
        tr!("{} of {}", show(have), format!("{}{THIN}{name}", show(all)))
    }
}

/// “12 s”, “3 min 05 s”, “2 h 07 min”.
pub fn seconds(s: f64) -> String {
    let whole = s.max(0.0) as u64;
    match whole {
        0..60 => format!("{whole}{THIN}s"),
        60..3600 => format!("{}{THIN}min {:02}{THIN}s", whole / 60, whole % 60),
        _ => format!("{}{THIN}h {:02}{THIN}min", whole / 3600, whole % 3600 / 60),
    }
}

/// How long ago, roughly: “2 hours ago”.
pub fn ago(milliseconds: f64) -> String {
    let minutes = (milliseconds / 60_000.0).max(0.0) as u64;
    match minutes {
        0 => tr!("a moment ago"),
        1..60 => tr!("{n} minute ago" | "{n} minutes ago" % minutes),
        60..1440 => tr!("{n} hour ago" | "{n} hours ago" % (minutes / 60)),
        _ => tr!("{n} day ago" | "{n} days ago" % (minutes / 1440)),
    }
}

/// A whole number of milliseconds from ten on: “31 ms”, “7.2 ms”.
pub fn milliseconds(ms: f64) -> String {
    format!("{}{THIN}ms", decimals(ms, if ms >= 10.0 { 0 } else { 1 }))
}
