package dev.concordance.elasticsearch;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerScope;
import org.elasticsearch.index.analysis.PreBuiltAnalyzerProvider;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/** What an index of ours needs of the module analysis-common, which isn't published: Lucene's analysis under the same names. */
public final class LanguageAnalysisPlugin extends Plugin implements AnalysisPlugin {
    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return Map.of(
                "english", provider(EnglishAnalyzer.getDefaultStopSet(), EnglishAnalyzer::new),
                "french", provider(FrenchAnalyzer.getDefaultStopSet(), FrenchAnalyzer::new),
                "german", provider(GermanAnalyzer.getDefaultStopSet(), GermanAnalyzer::new),
                "spanish", provider(SpanishAnalyzer.getDefaultStopSet(), SpanishAnalyzer::new));
    }

    private static AnalysisProvider<AnalyzerProvider<? extends Analyzer>> provider(
            CharArraySet usual, Function<CharArraySet, Analyzer> analyzer) {
        return (index, environment, name, settings) -> {
            var declared = settings.getAsList("stopwords", null);
            var stopWords = declared == null ? usual : new CharArraySet(declared, true);
            return new PreBuiltAnalyzerProvider(name, AnalyzerScope.INDEX, analyzer.apply(stopWords));
        };
    }

    @Override
    public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
        return List.of(
                PreConfiguredTokenFilter.singleton("porter_stem", false, PorterStemFilter::new),
                PreConfiguredTokenFilter.singleton("asciifolding", true, stream -> new ASCIIFoldingFilter(stream)));
    }
}
