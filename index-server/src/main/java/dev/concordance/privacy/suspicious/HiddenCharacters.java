package dev.concordance.privacy.suspicious;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.function.Consumer;

/**
 * Characters that show nothing and can carry a message, or make a reader see another text than a machine: tag characters,
 * variation selectors in a row, zero-width characters in a row or within a word, and overrides of the writing direction. Those
 * that scripts and emoji need where they stand are none.
 */
public final class HiddenCharacters implements Detector {
    private static final int FIRST_UNSEEN = 0x180E;
    /** First half of tags and of the less usual selectors. */
    private static final int TAGS = 0xDB40;

    private static final int TAG_FIRST = 0xE0000;
    private static final int TAG_LAST = 0xE007F;
    private static final int CANCEL_TAG = 0xE007F;
    private static final int BLACK_FLAG = 0x1F3F4;
    private static final int EMBEDDING_FIRST = 0x202A;
    private static final int EMBEDDING_LAST = 0x202E;
    private static final int OVERRIDE = 0x202D;
    private static final int ISOLATE_FIRST = 0x2066;
    private static final int ISOLATE_LAST = 0x2069;
    /** A few are left over from word processors and emoji; more can say something. */
    private static final int FEWEST_IN_A_ROW = 4;

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    @Override
    public void find(String text, Consumer<Finding> found) {
        if (text.chars().noneMatch(c -> c >= FIRST_UNSEEN && isUnseen(c) || c == TAGS)) {
            return;
        }
        var rightToLeft = text.chars().anyMatch(HiddenCharacters::isRightToLeft);
        for (var i = 0; i < text.length(); ) {
            var c = text.codePointAt(i);
            if (!isUnseen(c)) {
                i += Character.charCount(c);
                continue;
            }
            var end = runEnd(text, i);
            if (isSuspicious(text, i, end, rightToLeft)) {
                found.accept(new Finding(Kind.HiddenText, i, end));
            }
            i = end;
        }
    }

    /** Letters that are written from right to left need marks of direction. */
    private static boolean isRightToLeft(int c) {
        var direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    private static int runEnd(String text, int start) {
        var end = start;
        while (end < text.length() && isUnseen(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private static boolean isUnseen(int c) {
        return isZeroWidth(c)
                || isTag(c)
                || isSelector(c)
                || c >= EMBEDDING_FIRST && c <= EMBEDDING_LAST
                || c >= ISOLATE_FIRST && c <= ISOLATE_LAST;
    }

    private static boolean isZeroWidth(int c) {
        return c >= 0x200B && c <= 0x200D || c >= 0x2060 && c <= 0x2064 || c == BYTE_ORDER_MARK || c == 0x180E;
    }

    private static boolean isTag(int c) {
        return c >= TAG_FIRST && c <= TAG_LAST;
    }

    private static boolean isSelector(int c) {
        return c >= 0xFE00 && c <= 0xFE0F || c >= 0xE0100 && c <= 0xE01EF;
    }

    private static boolean isSuspicious(String text, int start, int end, boolean rightToLeft) {
        var run = text.substring(start, end).codePoints().toArray();
        if (isTag(run[run.length - 1]) && isFlag(text, start, run)) {
            return false;
        }
        for (var c : run) {
            if (isTag(c) || isTurned(c, rightToLeft)) {
                return true;
            }
        }
        return run.length >= FEWEST_IN_A_ROW || run.length == 1 && isWithinWord(text, start, end, run[0]);
    }

    /** The flags of England, Scotland and Wales are a flag, tags and an end of tags. */
    private static boolean isFlag(String text, int start, int[] run) {
        return start >= 2
                && text.codePointBefore(start) == BLACK_FLAG
                && run[run.length - 1] == CANCEL_TAG
                && run.length <= 8;
    }

    private static boolean isTurned(int c, boolean rightToLeft) {
        var embeds = c >= EMBEDDING_FIRST && c < OVERRIDE || c >= ISOLATE_FIRST && c <= ISOLATE_LAST;
        return c == OVERRIDE || c == EMBEDDING_LAST || embeds && !rightToLeft;
    }

    private static boolean isWithinWord(String text, int start, int end, int c) {
        return isZeroWidth(c)
                && start > 0
                && end < text.length()
                && Ascii.isAlphanumeric(text.charAt(start - 1))
                && Ascii.isAlphanumeric(text.charAt(end));
    }
}
