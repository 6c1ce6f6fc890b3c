package dev.concordance.source;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the sources of a run are read.
 *
 * @param mounts folder of a mount by its name
 * @param workspace a folder for what is fetched
 * @param maxBytes larger documents are refused
 * @param passedOver whether a file of this path is no document, so that nobody reads it
 */
public record Reading(Function<String, Path> mounts, Path workspace, long maxBytes, Predicate<String> passedOver) {}
