package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a model's token vectors become the one vector of a text. */
public enum Pooling {
    /** The mean over the tokens of the attention mask. */
    @JsonProperty("mean")
    MEAN,
    /** The first token's vector. */
    @JsonProperty("cls")
    CLS
}
