package himmelblau.shell.internal;

import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Lets commands name a bundle by its number or its symbolic name: {@code stop himmelblau.mfa.push}.
 */
@Component(property = Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
  private final BundleContext context;

  @Activate
  public BundleConverter(BundleContext context) {
    this.context = context;
  }

  @Override
  public @Nullable Object convert(Class<?> desired, Object in) {
    if (desired != Bundle.class || !(in instanceof CharSequence)) {
      return null;
    }
    String text = in.toString();
    if (text.matches("[0-9]{1,9}")) {
      return context.getBundle(Long.parseLong(text));
    }
    for (Bundle bundle : context.getBundles()) {
      if (text.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    return null;
  }

  @Override
  public @Nullable CharSequence format(Object target, int level, Converter converter) {
    return target instanceof Bundle bundle && level != Converter.PART
        ? bundle.getBundleId() + " " + bundle.getSymbolicName() + " " + bundle.getVersion()
        : null;
  }
}
