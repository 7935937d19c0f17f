//! Networks that find things, row by row of `DETECTORS`: from the publisher's ONNX file to parts in half precision. The file
//! must be the network that our row describes, layer by layer.

use super::fetch::{self, Address};
use super::fold::Weights;
use super::published::PublishedBytes;
use super::{onnx, onnx_layers, weights};
use crate::pretrained::{DETECTORS, Detector, Layer, Op, PublishedFile, WeightsManifest};
use crate::tools::Result;
use std::path::Path;

/// Makes the network's files where they are not there and whole.
pub fn prepare(detector: &Detector, public: &Path, mirror: Option<&Path>, downloads: &Path) -> Result<()> {
    let folder = public.join(detector.folder());
    if let Some(there) = complete(&folder, detector) {
        println!("{}: there already, {}", detector.id, weights::described(&there));
        return Ok(());
    }
    let tensors = read(detector, &publishers(detector, mirror, downloads)?)?;
    let manifest = weights::write_files(&folder, &detector.files(), source(detector), Vec::new(), &tensors)?;
    println!("{}: written, {}", detector.id, weights::described(&manifest));
    Ok(())
}

fn source(detector: &Detector) -> String {
    format!("{} ({}), {}", detector.title, detector.licence, detector.weights.address)
}

/// The publisher's bytes, from the mirror or fetched once.
pub fn publishers(detector: &Detector, mirror: Option<&Path>, downloads: &Path) -> Result<Vec<u8>> {
    let PublishedFile { folder, file: name, address, sha256 } = detector.weights;
    let mirrored = Path::new(folder).join(name);
    let kept = downloads.join(&mirrored);
    let published = PublishedBytes { name, sha256, mirrored: &mirrored, kept: &kept };
    published.read(mirror, || fetch::download(&Address::checked(address.into(), sha256), &kept))
}

/// The published weights, in single precision, in the order of the layers.
pub fn read(detector: &Detector, bytes: &[u8]) -> Result<Vec<Weights>> {
    let (found, outputs) = onnx_layers::layers(&onnx::read(bytes)?)?;
    let layers = (detector.layers)();
    if found.len() != layers.len() {
        return Err(format!("it has {} layers where {} were expected", found.len(), layers.len()));
    }
    let last: Vec<usize> = outputs_of(&layers);
    if outputs != last {
        return Err(format!("its outputs are those of layers {outputs:?} where {last:?} were expected"));
    }
    let mut tensors = Vec::new();
    for (layer, one) in layers.iter().zip(found) {
        let theirs = Layer { name: layer.name.clone(), part: layer.part.clone(), ..one.layer };
        if theirs != *layer {
            return Err(format!("it has {theirs:?} where {layer:?} was expected"));
        }
        if let (Some(shape), Some([weight, bias])) = (layer.weight(), one.weights) {
            let filters = shape[0];
            let named = |end, shape, values| Weights { name: format!("{}.{end}", layer.name), shape, values };
            tensors.extend([named("weight", shape, weight), named("bias", vec![filters], bias)]);
        }
    }
    Ok(tensors)
}

/// What nobody reads.
fn outputs_of(layers: &[Layer]) -> Vec<usize> {
    let read = |index: usize| layers.iter().any(|layer| layer.inputs.contains(&index));
    (0..layers.len()).filter(|&index| layers[index].op == Op::Concat && !read(index)).collect()
}

/// The manifest of a network that is there and whole.
pub fn complete(folder: &Path, detector: &Detector) -> Option<WeightsManifest> {
    let expected = weights::expected(&(detector.layers)());
    let there = weights::complete_files(folder, &detector.files(), &expected)?;
    (there.source == source(detector)).then_some(there)
}

/// The ids of the networks that the page can offer.
pub fn there(public: &Path) -> impl Iterator<Item = &'static str> {
    let there = |one: &&Detector| complete(&public.join(one.folder()), one).is_some();
    DETECTORS.iter().filter(there).map(|one| one.id)
}
