/**
 * The images that the node has: OCI archives, unpacked once into a folder outside the tree
 * ({@link dev.concordance.localcluster.node.image.ImageStore}). Knows no Kubernetes. An archive is not trusted: nothing
 * in it is written outside its folder.
 */
@NullMarked
package dev.concordance.localcluster.node.image;

import org.jspecify.annotations.NullMarked;
