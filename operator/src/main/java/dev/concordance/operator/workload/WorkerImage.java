package dev.concordance.operator.workload;

/** The index server's image. */
public record WorkerImage(String name, String pullPolicy) {}
