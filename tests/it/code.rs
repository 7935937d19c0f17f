//! "The same in code": scripts for every preset and model.
