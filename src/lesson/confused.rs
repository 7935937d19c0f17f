//! “Which mistake does it make most?”, from a run's own confusion matrix: what is right differs from run to run.

/// A class that was taken for another, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub truth: usize,
    pub said: usize,
    pub count: u32,
}

/// The commonest mistake, one that happens at most half as often, and the rarest; none where there is no such three.
/// `confusion[truth * classes + said]`.
pub fn offered(confusion: &[u32], classes: usize) -> Option<[Mistake; 3]> {
    let cells = confusion.iter().enumerate().map(|(at, count)| Mistake {
        truth: at / classes.max(1),
        said: at % classes.max(1),
        count: *count,
    });
    let mut all: Vec<Mistake> = cells.filter(|cell| cell.truth != cell.said).collect();
    all.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    let first = *all.first().filter(|first| first.count > 0)?;
    // Close seconds are not offered: nobody should have to count to a unit.
    let mut clear = all.into_iter().filter(|cell| cell.count * 2 <= first.count);
    let second = clear.next()?;
    Some([first, second, clear.next_back()?])
}

#[cfg(test)]
mod tests {
    use super::offered;

    #[test]
    fn the_right_answer_is_the_run_s_own_and_no_other_is_close() {
        let confusion = [50, 9, 1, 2, 40, 8, 4, 0, 60];
        let cells = offered(&confusion, 3).map(|all| all.map(|m| (m.truth, m.said, m.count)));
        // 8 is too close to 9.
        assert_eq!(cells, Some([(0, 1, 9), (2, 0, 4), (2, 1, 0)]));
        assert_eq!(offered(&[], 3), None, "nothing is tested yet");
        assert_eq!(offered(&[5, 0, 0, 5], 2), None, "no mistake at all");
    }
}
