/**
 * Documents that a service reads for their layout and the words in their pictures, as docling-serve does. Entry class: {@link
 * dev.concordance.parse.remote.ParsingService}, which asks; {@link dev.concordance.parse.remote.DoclingReader} makes a document of
 * an answer, in the process that parses, since what comes back isn't trusted. Nothing here knows where documents are from.
 */
@NullMarked
package dev.concordance.parse.remote;

import org.jspecify.annotations.NullMarked;
