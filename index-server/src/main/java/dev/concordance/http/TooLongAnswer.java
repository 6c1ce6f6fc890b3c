package dev.concordance.http;

import java.io.IOException;

/** An answer of more bytes than such an answer can have. */
public final class TooLongAnswer extends IOException {
    private static final long serialVersionUID = 1;

    TooLongAnswer(long most) {
        super("its answer has more than " + most + " bytes");
    }
}
