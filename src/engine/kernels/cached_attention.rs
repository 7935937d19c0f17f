//! Attention of tokens that are read one after the other: keys and values of those before are kept, and several heads of
//! queries share one of keys (Ainslie et al. 2023, arXiv:2305.13245).

use super::simd::F4;
use super::softmax::softmax;

/// Heads of queries, heads of keys and values, and numbers in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CachedAttention {
    pub heads: usize,
    pub groups: usize,
    pub size: usize,
}

impl CachedAttention {
    /// `queries` `[tokens, heads, size]` are of the last tokens that `keys` and `values` `[time, groups, size]` are of; each
    /// takes from itself and from what is before it. → `[tokens, heads, size]`.
    pub fn forward(&self, queries: &[f32], keys: &[f32], values: &[f32]) -> Vec<f32> {
        let Self { heads, groups, size } = *self;
        let (width, kept) = (heads * size, groups * size);
        let (tokens, time) = (queries.len() / width, keys.len() / kept);
        assert!(size.is_multiple_of(4) && heads.is_multiple_of(groups) && tokens <= time);
        assert!(queries.len() == tokens * width && keys.len() == time * kept && values.len() == keys.len());
        let mut output = vec![0.0; queries.len()];
        let mut weights = vec![0.0; time];
        let rate = 1.0 / (size as f32).sqrt();
        for (at, (query, output)) in queries.chunks_exact(size).zip(output.chunks_exact_mut(size)).enumerate()
        {
            let (token, head) = (at / heads, at % heads);
            let first = head / (heads / groups) * size;
            let weights = &mut weights[..time - tokens + token + 1];
            for (weight, key) in weights.iter_mut().zip(keys.chunks_exact(kept)) {
                *weight = dot(query, &key[first..first + size]) * rate;
            }
            softmax(weights);
            for (weight, value) in weights.iter().zip(values.chunks_exact(kept)) {
                add(output, &value[first..first + size], *weight);
            }
        }
        output
    }
}

fn dot(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    let mut sums = F4::splat(0.0);
    for at in (0..left.len()).step_by(4) {
        // SAFETY: both have as many numbers, in fours.
        unsafe { sums = sums.mul_add(F4::load(left.as_ptr().add(at)), F4::load(right.as_ptr().add(at))) };
    }
    sums.to_array().iter().sum()
}

fn add(to: &mut [f32], what: &[f32], times: f32) {
    assert_eq!(to.len(), what.len());
    let times = F4::splat(times);
    for at in (0..to.len()).step_by(4) {
        // SAFETY: as above.
        unsafe {
            let place = to.as_mut_ptr().add(at);
            F4::load(place).mul_add(F4::load(what.as_ptr().add(at)), times).store(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CachedAttention;
    use crate::random::Random;

    #[test]
    fn each_token_takes_from_itself_and_what_is_before_it() {
        let (heads, groups, size, time, tokens) = (6, 2, 8, 7, 3);
        let shape = CachedAttention { heads, groups, size };
        let mut random = Random::new(3, 0);
        let mut numbers = |count: usize| (0..count).map(|_| random.normal()).collect::<Vec<f32>>();
        let queries = numbers(tokens * heads * size);
        let [keys, values] = [(); 2].map(|()| numbers(time * groups * size));
        let found = shape.forward(&queries, &keys, &values);
        for token in 0..tokens {
            for head in 0..heads {
                let of = |all: &[f32], time: usize, at: usize| {
                    f64::from(all[(time * groups + head / 3) * size + at])
                };
                let query = &queries[(token * heads + head) * size..][..size];
                let score = |time: usize| {
                    let dot: f64 = (0..size).map(|at| f64::from(query[at]) * of(&keys, time, at)).sum();
                    (dot / 8_f64.sqrt()).exp()
                };
                let seen = time - tokens + token + 1;
                let all: f64 = (0..seen).map(score).sum();
                for at in 0..size {
                    let exact: f64 = (0..seen).map(|time| score(time) / all * of(&values, time, at)).sum();
                    let found = f64::from(found[(token * heads + head) * size + at]);
                    assert!((found - exact).abs() < 1e-5, "{found} is not {exact}");
                }
            }
        }
    }
}
