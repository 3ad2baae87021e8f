//! The maps `exports` and `imports` of package.json.
//!
//! Follows PACKAGE_EXPORTS_RESOLVE, PACKAGE_IMPORTS_RESOLVE and PACKAGE_TARGET_RESOLVE of the Node docs ("Modules:
//! ECMAScript modules", resolution algorithm specification).

use crate::esm::{Importer, Located};
use crate::package::Package;
use crate::{Files, Notice, ResolveError, Resolver};
use serde_json::Value;

/// What a target leads to: nothing here (`None` = no condition matched), an explicit `null`, or a place.
enum Outcome {
    Found(Located),
    Null,
    Undefined,
}

/// One walk through the targets of one key.
struct Walk<'a> {
    importer: &'a Importer<'a>,
    imports: bool,
    /// What `*` stood for, in a pattern.
    matched: Option<&'a str>,
    key: &'a str,
    package: &'a Package,
    /// The specifier ends in a slash: no notices about slashes then.
    path_map: bool,
}

impl Walk<'_> {
    fn invalid_target(&self, target: &Value) -> ResolveError {
        let target = match target {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        ResolveError::InvalidPackageTarget {
            package_json: self.package.path.clone(),
            key: self.key.to_owned(),
            target,
            imports: self.imports,
            base: self.importer.base_owned(),
        }
    }

    fn double_slash(&self, target: &str) -> Notice {
        let request = match self.matched {
            Some(matched) => self.key.replacen('*', matched, 1),
            None => self.key.to_owned(),
        };
        Notice::DoubleSlash {
            target: target.to_owned(),
            request,
            key: self.key.to_owned(),
            package_json: self.package.path.clone(),
            imports: self.imports,
            base: self.importer.base_owned(),
        }
    }
}

/// The worst of the segments of a target or a match.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Segments {
    Fine,
    /// An empty segment: a doubled, leading or trailing slash.
    Empty,
    /// `.`, `..` or `node_modules`, also percent-encoded.
    Forbidden,
}

fn segments(text: &str) -> Segments {
    text.split(['/', '\\'])
        .map(|segment| {
            if segment.is_empty() {
                return Segments::Empty;
            }
            let plain = crate::paths::percent_decode(segment);
            if plain == "." || plain == ".." || plain.eq_ignore_ascii_case("node_modules") {
                return Segments::Forbidden;
            }
            Segments::Fine
        })
        .max()
        .unwrap_or(Segments::Fine)
}

/// Whether `text` parses as an absolute URL: a scheme and a colon are enough for any we could meet.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// Whether a key of a condition object is an array index, which would make the order of keys unreliable.
fn is_array_index(key: &str) -> bool {
    key.parse::<u32>().is_ok_and(|number| number != u32::MAX && number.to_string() == key)
}

impl Resolver {
    /// PACKAGE_EXPORTS_RESOLVE: where `subpath` (`.` or `./x`) of a package with `exports` leads.
    ///
    /// # Errors
    /// `PathNotExported`, `InvalidPackageTarget`, `InvalidPackageConfig`, `InvalidSpecifier`.
    pub(crate) fn exports_resolve(
        &mut self,
        files: &mut dyn Files,
        package: &Package,
        exports: &Value,
        subpath: &str,
        importer: &Importer<'_>,
    ) -> Result<Located, ResolveError> {
        let not_exported = || ResolveError::PathNotExported {
            package_dir: package.dir.clone(),
            subpath: subpath.to_owned(),
            base: importer.base_owned(),
        };
        if is_main_sugar(package, exports, importer)? {
            if subpath != "." {
                return Err(not_exported());
            }
            let walk = Walk { importer, imports: false, matched: None, key: ".", package, path_map: false };
            return match self.target(files, exports, &walk)? {
                Outcome::Found(place) => Ok(place),
                _ => Err(not_exported()),
            };
        }
        let Value::Object(map) = exports else { return Err(not_exported()) };
        if let Some(target) = map.get(subpath)
            && !subpath.contains('*')
            && !subpath.ends_with('/')
        {
            let walk = Walk { importer, imports: false, matched: None, key: subpath, package, path_map: false };
            return match self.target(files, target, &walk)? {
                Outcome::Found(place) => Ok(place),
                _ => Err(not_exported()),
            };
        }
        if subpath.ends_with('/')
            && map.keys().any(|key| key.split_once('*').is_some_and(|(before, _)| subpath.starts_with(before)))
        {
            self.notices.push(Notice::TrailingSlash {
                key: subpath.to_owned(),
                package_json: package.path.clone(),
                base: importer.base_owned(),
            });
        }
        let Some((key, matched)) = best_pattern(map, subpath) else { return Err(not_exported()) };
        let walk =
            Walk { importer, imports: false, matched: Some(matched), key, package, path_map: subpath.ends_with('/') };
        match self.target(files, &map[key], &walk)? {
            Outcome::Found(place) => Ok(place),
            _ => Err(not_exported()),
        }
    }

    /// PACKAGE_IMPORTS_RESOLVE: where `#name` leads for a file of `package`.
    ///
    /// # Errors
    /// `ImportNotDefined`, `InvalidSpecifier`, and those of the target.
    pub(crate) fn imports_resolve(
        &mut self,
        files: &mut dyn Files,
        package: Option<&Package>,
        name: &str,
        importer: &Importer<'_>,
    ) -> Result<Located, ResolveError> {
        if name == "#" || name.ends_with('/') {
            return Err(ResolveError::InvalidSpecifier {
                specifier: name.to_owned(),
                reason: "is not a valid internal imports specifier name".to_owned(),
                base: importer.base_owned(),
            });
        }
        let not_defined = |package: Option<&Package>| ResolveError::ImportNotDefined {
            specifier: name.to_owned(),
            package_json: package.map(|package| package.path.clone()),
            base: importer.base_owned().unwrap_or_default(),
        };
        let Some(package) = package else { return Err(not_defined(None)) };
        let Some(Value::Object(map)) = &package.imports else { return Err(not_defined(Some(package))) };
        let (key, matched) = if map.contains_key(name) && !name.contains('*') {
            (name, None)
        } else {
            match best_pattern(map, name) {
                Some((key, matched)) => (key, Some(matched)),
                None => return Err(not_defined(Some(package))),
            }
        };
        let walk = Walk { importer, imports: true, matched, key, package, path_map: false };
        match self.target(files, &map[key], &walk)? {
            Outcome::Found(place) => Ok(place),
            _ => Err(not_defined(Some(package))),
        }
    }

    fn target(&mut self, files: &mut dyn Files, target: &Value, walk: &Walk<'_>) -> Result<Outcome, ResolveError> {
        match target {
            Value::Null => Ok(Outcome::Null),
            Value::String(text) => self.target_string(files, target, text, walk),
            Value::Array(list) => {
                let mut last = Ok(Outcome::Null);
                for item in list {
                    match self.target(files, item, walk) {
                        Ok(Outcome::Undefined) => {}
                        Ok(Outcome::Null) => last = Ok(Outcome::Null),
                        Ok(found) => return Ok(found),
                        Err(error @ ResolveError::InvalidPackageTarget { .. }) => last = Err(error),
                        Err(error) => return Err(error),
                    }
                }
                last
            }
            Value::Object(conditions) => {
                if conditions.keys().any(|key| is_array_index(key)) {
                    return Err(ResolveError::InvalidPackageConfig {
                        package_json: walk.package.path.clone(),
                        base: walk.importer.base_url(),
                        reason: "\"exports\" cannot contain numeric property keys.".to_owned(),
                    });
                }
                for (condition, value) in conditions {
                    if condition == "default" || walk.importer.conditions.iter().any(|known| known == condition) {
                        match self.target(files, value, walk)? {
                            Outcome::Undefined => {}
                            outcome => return Ok(outcome),
                        }
                    }
                }
                Ok(Outcome::Undefined)
            }
            _ => Err(walk.invalid_target(target)),
        }
    }

    fn target_string(
        &mut self,
        files: &mut dyn Files,
        target: &Value,
        text: &str,
        walk: &Walk<'_>,
    ) -> Result<Outcome, ResolveError> {
        let Some(rest) = text.strip_prefix("./") else {
            if walk.imports && !text.starts_with("../") && !text.starts_with('/') && !has_scheme(text) {
                let specifier = match walk.matched {
                    Some(matched) => text.replace('*', matched),
                    None => text.to_owned(),
                };
                let inner = Importer {
                    base: Some(&walk.package.path),
                    conditions: walk.importer.conditions,
                    builtins: walk.importer.builtins,
                };
                return self.package_resolve(files, &specifier, &inner).map(Outcome::Found);
            }
            return Err(walk.invalid_target(target));
        };
        match segments(rest) {
            Segments::Fine => {}
            Segments::Empty => {
                if !walk.path_map {
                    let shown = walk.matched.map_or_else(|| text.to_owned(), |matched| text.replace('*', matched));
                    let notice = walk.double_slash(&shown);
                    self.notices.push(notice);
                }
            }
            Segments::Forbidden => return Err(walk.invalid_target(target)),
        }
        let Some(matched) = walk.matched else {
            return Ok(Outcome::Found(Located::in_package(&walk.package.dir, rest)));
        };
        match segments(matched) {
            Segments::Fine => {}
            Segments::Empty => {
                if !walk.path_map && segments(rest) == Segments::Fine {
                    let notice = walk.double_slash(&text.replace('*', matched));
                    self.notices.push(notice);
                }
            }
            Segments::Forbidden => {
                return Err(ResolveError::InvalidSpecifier {
                    specifier: walk.key.replacen('*', matched, 1),
                    reason: format!(
                        "request is not a valid match in pattern \"{}\" for the \"{}\" resolution of {}",
                        walk.key,
                        if walk.imports { "imports" } else { "exports" },
                        walk.package.path
                    ),
                    base: walk.importer.base_owned(),
                });
            }
        }
        Ok(Outcome::Found(Located::in_package(&walk.package.dir, &rest.replace('*', matched))))
    }
}

/// Whether `exports` is short for `{ ".": exports }`.
fn is_main_sugar(package: &Package, exports: &Value, importer: &Importer<'_>) -> Result<bool, ResolveError> {
    let map = match exports {
        Value::String(_) | Value::Array(_) => return Ok(true),
        Value::Object(map) => map,
        _ => return Ok(false),
    };
    let mut sugar = false;
    for (index, key) in map.keys().enumerate() {
        let condition = key.is_empty() || !key.starts_with('.');
        if index == 0 {
            sugar = condition;
        } else if sugar != condition {
            return Err(ResolveError::InvalidPackageConfig {
                package_json: package.path.clone(),
                base: importer.base_url(),
                reason: "\"exports\" cannot contain some keys starting with '.' and some not. The exports object must \
                         either be an object of package subpath keys or an object of main entry condition name keys only."
                    .to_owned(),
            });
        }
    }
    Ok(sugar)
}

/// The most specific pattern key that matches, and what its `*` stands for.
fn best_pattern<'m>(map: &'m serde_json::Map<String, Value>, name: &'m str) -> Option<(&'m str, &'m str)> {
    let mut best: Option<(&str, &str)> = None;
    for key in map.keys() {
        let Some((before, after)) = key.split_once('*') else { continue };
        if after.contains('*')
            || name.len() < key.len()
            || !name.starts_with(before)
            || !name.ends_with(after)
            || name == before
        {
            continue;
        }
        let matched = &name[before.len()..name.len() - after.len()];
        if best.is_none_or(|(other, _)| more_specific(key, other)) {
            best = Some((key, matched));
        }
    }
    best
}

/// PATTERN_KEY_COMPARE: the longer part before `*` wins, then the longer key.
fn more_specific(key: &str, other: &str) -> bool {
    let head = |text: &str| text.find('*').map_or(text.len(), |at| at + 1);
    match head(key).cmp(&head(other)) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => key.len() > other.len(),
    }
}
