//! Numbers over a picture: the picture turns grey and pale, and what speaks for a class is blue, against it
//! orange. Pure arithmetic on pixels.

const FOR: [f32; 3] = [14.0, 104.0, 240.0];
const AGAINST: [f32; 3] = [245.0, 112.0, 0.0];

/// A small map over the whole picture, with soft edges; `most` is what is drawn strongest.
pub fn heat(rgba: &mut [u8], side: usize, map: &[f32], map_side: usize, most: f32) {
    if map_side == 0 || map.len() < map_side * map_side {
        return;
    }
    let scale = map_side as f32 / side as f32;
    for y in 0..side {
        for x in 0..side {
            let value = soft(map, map_side, (x as f32 + 0.5) * scale - 0.5, (y as f32 + 0.5) * scale - 0.5);
            tint(rgba, y * side + x, value / most);
        }
    }
}

/// One colour for each cell of a grid; cells without a value stay pale.
pub fn cells(rgba: &mut [u8], side: usize, values: &[f32], across: usize, most: f32) {
    let cell = side / across.max(1);
    for y in 0..side {
        for x in 0..side {
            let at = (y / cell).min(across - 1) * across + (x / cell).min(across - 1);
            let value = values.get(at).copied().unwrap_or(0.0);
            tint(rgba, y * side + x, value / most);
        }
    }
}

/// The largest absolute value, never 0.
pub fn most(values: &[f32]) -> f32 {
    values.iter().fold(1e-6, |most, v| most.max(v.abs()))
}

/// Between the four places around it.
fn soft(map: &[f32], side: usize, x: f32, y: f32) -> f32 {
    let last = (side - 1) as f32;
    let (x, y) = (x.clamp(0.0, last), y.clamp(0.0, last));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(side - 1), (top + 1).min(side - 1));
    let (dx, dy) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize| map[y * side + x];
    let above = at(left, top) * (1.0 - dx) + at(right, top) * dx;
    let below = at(left, bottom) * (1.0 - dx) + at(right, bottom) * dx;
    above * (1.0 - dy) + below * dy
}

fn tint(rgba: &mut [u8], pixel: usize, share: f32) {
    let Some([r, g, b, _]) = rgba.get_mut(pixel * 4..pixel * 4 + 4) else { return };
    let grey = 0.299 * f32::from(*r) + 0.587 * f32::from(*g) + 0.114 * f32::from(*b);
    let pale = 64.0 + grey * 0.72;
    let ink = if share < 0.0 { AGAINST } else { FOR };
    // Weak values hardly show, strong ones let the picture's light and dark through.
    let strength = share.abs().min(1.0).powf(1.2) * 0.82;
    for (to, ink) in [r, g, b].into_iter().zip(ink) {
        *to = (pale + (ink * (0.62 + 0.38 * grey / 255.0) - pale) * strength) as u8;
    }
}
