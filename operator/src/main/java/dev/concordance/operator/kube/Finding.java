package dev.concordance.operator.kube;

/** What is found out about one condition, before it is known since when it holds. */
public record Finding(String type, Truth truth, String reason, String message) {
    /** Longest message that is kept; the API's limit for conditions is 32 KiB, a person's is lower. */
    private static final int LONGEST = 1_000;

    public Finding {
        message = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…";
    }

    /** A finding with its reason's sentence. */
    public static Finding of(String type, Truth truth, Reason reason, Object... facts) {
        return new Finding(type, truth, reason.name(), reason.message(facts));
    }
}
