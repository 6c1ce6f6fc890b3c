package dev.concordance.ingest;

import dev.concordance.access.Acl;
import dev.concordance.chunking.Chunk;
import dev.concordance.chunking.Chunker;
import dev.concordance.embedding.TooManyTokens;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.Access;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.TextHash;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.source.VanishedContent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and cuts documents, each for itself: what fails of one is that one's record. */
final class Drafting {
    private static final System.Logger LOG = System.getLogger(Drafting.class.getName());

    private final GenerationManifest manifest;
    private final String modelDigest;
    private final Chunker chunker;
    private final int maxChunks;
    private final long version;
    private final Documents documents;
    private final Unread unread = new Unread();

    Drafting(Documents documents, GenerationManifest manifest, Chunker chunker, int maxChunks, long version) {
        this.documents = documents;
        this.manifest = manifest;
        this.modelDigest = manifest.model().digest();
        this.chunker = chunker;
        this.maxChunks = maxChunks;
        this.version = version;
    }

    /** A draft of what the document shall be; none if its source doesn't give it, so that it stays as it is. */
    Optional<Draft> draft(Work work) {
        try {
            var draft = read(work);
            unread.read();
            return Optional.of(draft);
        } catch (UnreadableDocument e) {
            return Optional.of(refused(work, e.reason(), String.valueOf(e.getMessage())));
        } catch (TooManyTokens e) {
            return Optional.of(refused(work, QuarantineReason.TooManyChunks, String.valueOf(e.getMessage())));
        } catch (VanishedContent e) {
            return Optional.empty();
        } catch (IOException e) {
            unread.add(work, e);
            return Optional.empty();
        } catch (RuntimeException e) {
            // Its message may quote the document.
            LOG.log(
                    System.Logger.Level.ERROR,
                    "parser failed, which is a bug documentKey={0} exception={1} at={2}",
                    work.key(),
                    e.getClass().getName(),
                    e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0]);
            return Optional.of(refused(
                    work,
                    QuarantineReason.ParserFailed,
                    "the parser failed, which is a bug: " + e.getClass().getSimpleName()));
        }
    }

    /** What the run fails with because of documents that were not given. */
    Optional<RuntimeException> failure() {
        return unread.failure();
    }

    private Draft read(Work work) throws UnreadableDocument, IOException {
        var document = documents.read(work);
        var parsed = document.parsed();
        MetadataTypes.check(manifest.metadata(), parsed.metadata());
        var contentHash = new Fingerprint("content/1")
                .with("title", parsed.title())
                .with("text", parsed.origin().source())
                .digest();
        var metadataHash = new Fingerprint("metadata/1")
                .with("uri", String.valueOf(document.uri()))
                .with("metadata", MetadataTypes.canonical(parsed.metadata()))
                .digest();
        var before = work.before();
        if (before != null
                && !work.redone()
                && before.state() == State.Indexed
                && before.contentHash().equals(contentHash)
                && before.metadataHash().equals(metadataHash)) {
            return unchanged(work, before, document.acl());
        }
        var passages = chunker.chunk(parsed).stream().map(this::passage).toList();
        if (passages.size() > maxChunks) {
            throw new UnreadableDocument(
                    QuarantineReason.TooManyChunks,
                    "it gives %d chunks, more than the %d of limits.maxChunksPerDocument: divide it, or raise the limit"
                            .formatted(passages.size(), maxChunks));
        }
        var state = passages.isEmpty() ? State.Skipped : State.Indexed;
        var acl = document.acl();
        var after = record(work, contentHash, metadataHash, passages, state);
        return new Draft(
                work.key(),
                before,
                acl == null ? after : after.with(Access.of(acl)),
                parsed.title(),
                document.uri(),
                parsed.metadata(),
                passages,
                acl == null ? null : acl.principals());
    }

    /** The text is as it was; others may see it. */
    private static Draft unchanged(Work work, ManifestRecord before, @Nullable Acl acl) {
        var after = before.withChangeKey(work.changeKey());
        return acl == null || !before.isSeenByOthersThan(acl)
                ? Draft.withoutPassages(work.key(), before, after)
                : Draft.ofAccess(before, after.with(Access.of(acl)), acl.principals());
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
                null,
                state,
                null,
                state == State.Skipped ? "it holds no words" : null,
                null,
                null);
    }

    private Draft refused(Work work, QuarantineReason reason, String message) {
        var record = record(work, "", "", List.of(), State.Quarantined).quarantined(reason, message);
        return Draft.withoutPassages(work.key(), work.before(), record);
    }

    private Draft.Passage passage(Chunk chunk) {
        return new Draft.Passage(chunk, TextHash.of(modelDigest, chunk.embeddedText()));
    }
}
