package org.elasticsearch.plugins;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.action.admin.cluster.node.info.PluginsAndModules;
import org.elasticsearch.env.Environment;

/** Loads plugin classes that are on the class path. */
public final class ClasspathPluginsService extends PluginsService {
    private final List<LoadedPlugin> loaded;

    public ClasspathPluginsService(Environment environment, List<Class<? extends Plugin>> classes) {
        super(environment.settings(), environment.configDir(), new PluginsLoader(Set.of(), Set.of(), Map.of()));
        loaded = classes.stream().map(c -> load(environment, c)).toList();
        loadExtensions(loaded);
    }

    private LoadedPlugin load(Environment environment, Class<? extends Plugin> plugin) {
        var descriptor = new PluginDescriptor(
                plugin.getName(),
                "from the class path",
                "NA",
                "NA",
                "21",
                plugin.getName(),
                null,
                List.of(),
                false,
                false,
                false,
                false,
                PluginDescriptor.DeploymentTarget.values()[0]);
        return new LoadedPlugin(
                descriptor,
                loadPlugin(plugin, environment.settings(), environment.configDir()),
                plugin.getClassLoader());
    }

    /** Empty while the super constructor runs, which asks before the plugins are loaded. */
    @Override
    protected List<LoadedPlugin> plugins() {
        return loaded == null ? List.of() : loaded;
    }

    @Override
    public PluginsAndModules info() {
        return new PluginsAndModules(List.of(), List.of());
    }
}
