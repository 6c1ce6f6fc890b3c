/**
 * Text, pages and outline of PDF. Entry class: {@link dev.concordance.parse.pdf.PdfReader}. The only package that knows the
 * library for it. Runs, as {@link dev.concordance.parse.office}, in a process that may be killed.
 */
@NullMarked
package dev.concordance.parse.pdf;

import org.jspecify.annotations.NullMarked;
