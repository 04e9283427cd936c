//! Goes from an id to its definition and to its mentions.

use std::collections::BTreeSet;

use gen_lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, DocumentHighlight, DocumentHighlightKind,
    DocumentHighlightParams, Location as LspLocation, LocationLink, Range, ReferenceParams,
};

use super::error::RequestError;
use super::id_at_cursor::IdAtCursor;
use super::session::Session;
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::model::AnswersByClaim;
use gainsay_analysis::source::{Location, Span};

/// The definition of the thing at a position. At the definition itself, its mentions.
pub(super) fn definition(
    session: &mut Session,
    params: &DefinitionParams,
) -> Result<Option<DefinitionResponse>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let Some(named) = session.id_at_cursor(file, byte) else { return Ok(session.rule_at(file, byte)) };
    let mut targets = if named.is_definition { session.mentions_and_answers(&named)? } else { Vec::new() };
    if targets.is_empty() {
        targets = session.definitions_of(&named);
    }
    Ok((!targets.is_empty()).then(|| session.definition_response(file, named.span, targets)))
}

/// All mentions of the thing at a position.
pub(super) fn references(
    session: &mut Session,
    params: &ReferenceParams,
) -> Result<Option<Vec<LspLocation>>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let Some(named) = session.id_at_cursor(file, byte) else { return Ok(None) };
    let mut found =
        if params.context.include_declaration { session.definitions_of(&named) } else { Vec::new() };
    found.extend(session.mentions_and_answers(&named)?);
    Ok(Some(found.into_iter().map(|target| session.lsp_location(target.id)).collect()))
}

/// The definitions and mentions in this file of the thing at a position.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn highlights(
    session: &mut Session,
    params: &DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let Some(named) = session.id_at_cursor(file, byte) else { return Ok(None) };
    let mut found: BTreeSet<(Span, bool)> = BTreeSet::new();
    for target in session.definitions_of(&named).into_iter().filter(|target| target.id.file == file) {
        found.insert((target.id.span, true));
    }
    for mention in &session.incremental().index().of(file).mentions {
        let is_meant =
            || session.things_of_mention(file, mention).iter().any(|thing| named.things.contains(thing));
        if named.things.iter().any(|(_, name)| *name == mention.name) && is_meant() {
            found.insert((mention.span, false));
        }
    }
    let highlight = |(span, is_defined): (Span, bool)| DocumentHighlight {
        range: session.range(file, span),
        kind: Some(if is_defined { DocumentHighlightKind::Write } else { DocumentHighlightKind::Read }),
    };
    Ok(Some(found.into_iter().map(highlight).collect()))
}

/// A place to go to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct JumpTarget {
    /// The location of the id.
    id: Location,
    /// The span that the editor shows with it.
    whole: Span,
}

impl Session {
    /// The definitions of things.
    fn definitions_of(&self, named: &IdAtCursor) -> Vec<JumpTarget> {
        let index = self.incremental().index();
        let all = named.things.iter().flat_map(|(kind, name)| index.definitions(*kind, name));
        all.map(|(file, defined)| JumpTarget {
            id: Location { file, span: self.without_quotes(file, defined.id) },
            whole: defined.span.to(defined.id),
        })
        .collect()
    }

    /// All places that are about things, in the order of files and positions: their mentions, for an actor also the
    /// claims in its own voice, for a claim also the other answers to its questions.
    fn mentions_and_answers(&mut self, named: &IdAtCursor) -> Result<Vec<JumpTarget>, RequestError> {
        let mut found = BTreeSet::new();
        for (kind, name) in &named.things {
            let mentions = self.mentions_of(*kind, name);
            let mentions: Vec<Location> =
                mentions.map(|(file, mention)| Location { file, span: mention.span }).collect();
            found.extend(mentions);
            match kind {
                Kind::Actor => found.extend(self.claims_in_own_voice(name)),
                Kind::Claim => found.extend(self.answering_the_same(name)?),
                _ => {}
            }
        }
        Ok(found.into_iter().map(|id| JumpTarget { id, whole: id.span }).collect())
    }

    /// The other claims that answer a question of this claim.
    fn answering_the_same(&mut self, claim: &str) -> Result<Vec<Location>, RequestError> {
        let mut defined = self.incremental().index().definitions(Kind::Claim, claim);
        let Some((file, at)) = defined.next().map(|(file, defined)| (file, defined.span)) else {
            return Ok(Vec::new());
        };
        drop(defined);
        let analysis = self.analysis_at(file, at)?;
        let model = &analysis.model;
        let Some(id) = model.find_claim(claim) else { return Ok(Vec::new()) };
        let mut others = BTreeSet::new();
        for &answer in AnswersByClaim::new(model).of(id) {
            let question = model.answers.question[answer.index()];
            others.extend(model.answers_to(question).map(|answer| model.answers.claim[answer.index()]));
        }
        others.remove(&id);
        let names = others.into_iter().map(|other| model.claim_name(other));
        let index = self.incremental().index();
        let place = |name: String| {
            let (file, defined) = index.definitions(Kind::Claim, &name).next()?;
            Some(Location { file, span: self.without_quotes(file, defined.id) })
        };
        Ok(names.filter_map(place).collect())
    }

    /// The page of the rule that is named at a position, under `allow` or in the settings.
    fn rule_at(&self, file: FileId, byte: u32) -> Option<DefinitionResponse> {
        let document = self.document(file);
        let allowed = document.claims.iter().flat_map(|claim| &claim.body.allow);
        let graded = document.settings.iter().flat_map(|settings| &settings.grades).map(|(rule, _)| rule);
        let mut names = allowed.chain(graded);
        let name = names.find(|name| name.span.start <= byte && byte <= name.span.end)?;
        let page = LspLocation::new(super::rule_pages::uri_of_rule(&name.value)?, Range::default());
        Some(DefinitionResponse::Definition(Definition::Location(page)))
    }

    /// The places in the form that the editor supports.
    fn definition_response(&self, from: FileId, span: Span, targets: Vec<JumpTarget>) -> DefinitionResponse {
        if !self.editor.definition_links {
            let places = targets.into_iter().map(|target| self.lsp_location(target.id)).collect();
            return DefinitionResponse::Definition(Definition::LocationList(places));
        }
        let link = |JumpTarget { id, whole }: JumpTarget| LocationLink {
            origin_selection_range: Some(self.range(from, span)),
            target_uri: self.uri(id.file),
            target_range: self.range(id.file, whole),
            target_selection_range: self.range(id.file, id.span),
        };
        DefinitionResponse::DefinitionLinkList(targets.into_iter().map(link).collect())
    }
}
