//! Units that stand with a number: currencies, before it or after it, and a few measures after it.

/// Longer ones first where one begins like another.
const CURRENCIES: &[&str] = &[
    "US$", "HK$", "NZ$", "A$", "C$", "R$", "S$", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₪", "₫", "₴", "฿",
    "₱", "₦", "USD", "EUR", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RUB", "INR",
    "CNY", "BRL", "CAD", "AUD", "NZD", "ZAR", "TRY", "MXN", "KRW", "SFr.", "Fr.", "Rs.", "Rs", "kr.", "kr",
    "Kč", "zł", "Ft", "лв", "руб.",
];

const MEASURES: &[&str] = &[
    "%", "‰", "km/h", "kWh", "mph", "kg", "mg", "km", "cm", "mm", "ml", "lbs", "lb", "°C", "°F", "° C",
    "° F", "°", "hPa", "ppm",
];

/// A currency at the beginning, and what follows it.
pub fn before(text: &str) -> Option<(&'static str, &str)> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    CURRENCIES.iter().find_map(|unit| Some((*unit, text.strip_prefix(unit)?)))
}

/// A unit at the end, and what stands before it.
pub fn after(text: &str) -> Option<(&'static str, &str)> {
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    if !begins || text.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut all = MEASURES.iter().chain(CURRENCIES);
    all.find_map(|unit| Some((*unit, text.strip_suffix(unit)?)))
}

pub fn is_currency(unit: &str) -> bool {
    CURRENCIES.contains(&unit)
}

/// The digits of “1.5M”, and what its letter multiplies them by.
pub fn times(text: &str) -> (&str, f64) {
    let letters = [("K", 1e3), ("k", 1e3), ("M", 1e6), ("B", 1e9)];
    let found = letters.into_iter().find_map(|(letter, times)| Some((text.strip_suffix(letter)?, times)));
    found.unwrap_or((text, 1.0))
}
