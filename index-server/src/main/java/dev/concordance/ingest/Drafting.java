package dev.concordance.ingest;

import dev.concordance.access.Acl;
import dev.concordance.chunking.Chunk;
import dev.concordance.chunking.Chunker;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.TooManyTokens;
import dev.concordance.index.IndexException;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.Access;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.TextHash;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.Limits;
import dev.concordance.manifest.Tombstones;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.remote.ParserException;
import dev.concordance.privacy.Screened;
import dev.concordance.privacy.Screening;
import dev.concordance.source.OversizedContent;
import dev.concordance.source.RefusedContent;
import dev.concordance.source.SourceException;
import dev.concordance.source.VanishedContent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and cuts documents, each for itself: what fails of one is that one's record. Safe for many threads. */
final class Drafting {
    private static final System.Logger LOG = System.getLogger(Drafting.class.getName());

    private final GenerationManifest manifest;
    private final String modelDigest;
    private final Chunker chunker;
    private final Supplier<SentenceVectors> sentences;
    private final Limits limits;
    private final long version;
    private final Documents documents;
    private final Tombstones tombstones;
    private final Screening screening;
    private final Set<String> typed;
    private final Consumer<Screened> screened;
    private final Unread unread = new Unread();
    private final Unparsed unparsed = new Unparsed();
    private volatile @Nullable ModelException unpaid;

    /**
     * @param sentences gives those of a document
     * @param screened told of each document that was screened
     */
    Drafting(
            Documents documents,
            RunSpecification specification,
            Chunker chunker,
            Supplier<SentenceVectors> sentences,
            long version,
            Consumer<Screened> screened) {
        var manifest = specification.manifest();
        this.documents = documents;
        this.tombstones = specification.tombstones();
        this.screening = new Screening(manifest.privacy());
        this.screened = screened;
        this.typed = manifest.metadata().stream()
                .filter(field -> field.type() != MetadataField.Type.KEYWORD)
                .map(MetadataField::name)
                .collect(Collectors.toUnmodifiableSet());
        this.manifest = manifest;
        this.modelDigest = manifest.model().digest();
        this.chunker = chunker;
        this.sentences = sentences;
        this.limits = specification.limits();
        this.version = version;
    }

    /** A draft of what the document shall be; none if its source doesn't give it, so that it stays as it is. */
    Optional<Draft> draft(Work work) {
        var named = tombstones.of(work.key(), work.source(), work.entry().id());
        if (named != null) {
            return Optional.of(erased(work, named, ""));
        }
        try {
            return given(work);
        } catch (ParserException e) {
            unparsed.add(e);
            return Optional.empty();
        } catch (ModelException e) {
            // A policy may ask the model where to cut.
            if (e.reason() != FailureReason.BudgetExhausted) {
                throw e;
            }
            unpaid = e;
            return Optional.empty();
        }
    }

    /** What its source gives; what is thrown says nothing of the document. */
    private Optional<Draft> given(Work listed) {
        var work = listed;
        try {
            var held = documents.fetch(listed);
            work = held.isListed() ? listed : listed.unlisted();
            var draft = read(work, held.bytes());
            unread.read();
            return Optional.of(draft);
        } catch (UnreadableDocument e) {
            return Optional.of(refused(work, e.reason(), String.valueOf(e.getMessage())));
        } catch (TooManyTokens e) {
            return Optional.of(refused(work, QuarantineReason.TooManyChunks, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            return notGiven(work, e);
        } catch (ModelException | ParserException | RunException | SourceException | IndexException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(failed(work, e));
        }
    }

    /** What becomes of a document that its source didn't give as it was asked for. */
    private Optional<Draft> notGiven(Work work, IOException e) {
        return switch (e) {
            case OversizedContent large ->
                Optional.of(refused(
                        large.isListed() ? work : work.unlisted(), QuarantineReason.TooLarge, large.explanation()));
            case RefusedContent refused ->
                Optional.of(refused(work, QuarantineReason.SourceRefused, refused.explanation()));
            case VanishedContent gone -> Optional.empty();
            default -> {
                unread.add(work, e);
                yield Optional.empty();
            }
        };
    }

    /** The message of what was thrown may quote the document. */
    private Draft failed(Work work, Throwable e) {
        LOG.log(
                System.Logger.Level.ERROR,
                "parser failed, which is a bug documentKey={0} exception={1} at={2}",
                work.key(),
                e.getClass().getName(),
                e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0]);
        return refused(
                work,
                QuarantineReason.ParserFailed,
                "the parser failed, which is a bug: " + e.getClass().getSimpleName());
    }

    /** What the run fails with because of documents that were not given, or could not be paid for. */
    Optional<RuntimeException> failure() {
        return unread.failure().or(unparsed::failure).or(() -> Optional.ofNullable(unpaid));
    }

    private Draft read(Work work, byte[] bytes) throws UnreadableDocument, IOException {
        var read = documents.read(work, bytes);
        var erasure = read.erasure(tombstones);
        if (erasure != null) {
            return erased(work, erasure, documents.isListedAgain(work) ? work.changeKey() : "");
        }
        MetadataTypes.check(manifest.metadata(), read.parsed().metadata());
        var document = screening.screen(read.parsed(), read.uri(), typed);
        screened.accept(document);
        document.check();
        var parsed = document.document();
        var contentHash = contentHash(document);
        var metadataHash = new Fingerprint("metadata/1")
                .with("uri", String.valueOf(document.uri()))
                .with("metadata", MetadataTypes.canonical(parsed.metadata()))
                .digest();
        var acl = read.acl();
        var before = sameBefore(work, contentHash, metadataHash);
        if (before != null && before.pendingEmbeddings() == 0) {
            return unchanged(work, before, acl);
        }
        var passages = passages(work.entry().id(), document);
        var state = passages.isEmpty() ? State.Skipped : State.Indexed;
        var after = record(work, contentHash, metadataHash, passages, state);
        return new Draft(
                work.key(),
                work.before(),
                acl == null ? after : after.with(Access.of(acl)),
                parsed.title(),
                document.uri(),
                parsed.metadata(),
                parsed.pages(),
                passages,
                before != null && (acl == null || !before.isSeenByOthersThan(acl)),
                acl == null ? null : acl.principals());
    }

    /** What is known of a document that is as it was, but for who may see it; null: it isn't. */
    private static @Nullable ManifestRecord sameBefore(Work work, String contentHash, String metadataHash) {
        var before = work.before();
        return before != null
                        && !work.redone()
                        && before.state() == State.Indexed
                        && before.contentHash().equals(contentHash)
                        && before.metadataHash().equals(metadataHash)
                ? before
                : null;
    }

    private List<Draft.Passage> passages(String id, Screened document) throws UnreadableDocument {
        var vectors = sentences.get();
        var chunks = chunker.asking(vectors).chunk(id, document.document());
        var hashes = vectors.hashes();
        var passages = chunks.stream()
                .map(chunk -> passage(chunk, document, share(hashes, chunk.ordinal(), chunks.size())))
                .toList();
        if (passages.size() > limits.maxChunksPerDocument()) {
            throw new UnreadableDocument(
                    QuarantineReason.TooManyChunks,
                    "it gives %d chunks, more than the %d of ingestion.maxChunksPerDocument: divide it, or raise the limit"
                            .formatted(passages.size(), limits.maxChunksPerDocument()));
        }
        return passages;
    }

    /** The text is as it was; others may see it. */
    private static Draft unchanged(Work work, ManifestRecord before, @Nullable Acl acl) {
        var after = before.withChangeKey(work.changeKey());
        return acl == null || !before.isSeenByOthersThan(acl)
                ? Draft.withoutPassages(work.key(), before, after)
                : Draft.ofAccess(before, after.with(Access.of(acl)), acl.principals());
    }

    private String contentHash(Screened document) {
        return manifest.privacy().isNone() ? contentHash(document.document()) : document.contentHash();
    }

    /** Over headings and pages too, since of a binary format the decoded text doesn't tell them. */
    private static String contentHash(ParsedDocument parsed) {
        var hash = new Fingerprint("content/2")
                .with("title", parsed.title())
                .with("text", parsed.origin().source())
                .with("pages", parsed.pages().starts());
        var headings = List.<String>of();
        for (var block : parsed.blocks()) {
            if (!block.headings().equals(headings)) {
                headings = block.headings();
                hash.with(String.valueOf(block.start()), String.join("\n", headings));
            }
        }
        return hash.digest();
    }

    private ManifestRecord record(
            Work work, String contentHash, String metadataHash, List<Draft.Passage> passages, State state) {
        return new ManifestRecord(
                work.source(),
                work.entry().id(),
                work.changeKey(),
                contentHash,
                metadataHash,
                version,
                passages.size(),
                0,
                null,
                0,
                state,
                null,
                state == State.Skipped ? "it holds no words" : null,
                null,
                null);
    }

    /** @param changeKey by which it is known that it needn't be read again; empty: it isn't read, or not listed before it changes */
    private Draft erased(Work work, String erasure, String changeKey) {
        documents.erase(work, erasure);
        var before = work.before();
        var known = before != null && before.state() == State.Erased
                ? before
                : record(work, "", "", List.of(), State.Skipped);
        return Draft.withoutPassages(work.key(), before, known.erased(erasure).withChangeKey(changeKey));
    }

    private Draft refused(Work work, QuarantineReason reason, String message) {
        var record = record(work, "", "", List.of(), State.Quarantined);
        var refused = reason.isOfLimits()
                ? record.exceeding(limits.ofDocument(), reason, message)
                : record.quarantined(reason, message);
        return Draft.withoutPassages(work.key(), work.before(), refused);
    }

    /** What is shared out evenly, so that no passage is much larger for it. */
    private static List<String> share(List<String> all, int one, int of) {
        return all.subList((int) ((long) all.size() * one / of), (int) ((long) all.size() * (one + 1) / of));
    }

    /** Its signals are of all that a hit of it shows: a chunk without any would bring the one beside it along unmarked. */
    private Draft.Passage passage(Chunk chunk, Screened document, List<String> sentenceHashes) {
        var shown = chunk.shown();
        return new Draft.Passage(
                chunk,
                TextHash.of(modelDigest, chunk.embeddedText()),
                document.signals(shown.start(), shown.end(), chunk.headings()),
                sentenceHashes);
    }
}
