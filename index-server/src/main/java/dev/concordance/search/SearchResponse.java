package dev.concordance.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** An answer: the document to send, and what is counted of it. */
public record SearchResponse(ObjectNode json, List<String> degraded) {}
