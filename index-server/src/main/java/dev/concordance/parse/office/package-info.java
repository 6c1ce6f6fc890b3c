/**
 * Text and structure of binary formats: Word, PowerPoint, Excel, OpenDocument text, EPUB, and PDF, which has a package of its
 * own. Entry class: {@link dev.concordance.parse.office.OfficeFormats}. It runs in a process that may be killed, so what it bounds is what a
 * hostile file would keep the process busy with. Files name no other files that are opened, and nothing is executed, rendered
 * or fetched.
 */
@NullMarked
package dev.concordance.parse.office;

import org.jspecify.annotations.NullMarked;
