interface ForeignLinkProps {
  url: string;
  className?: string | undefined;
}

/** An address that somebody submitted: a link only when it leads to a web page, else plain text. */
export function ForeignLink({ url, className }: ForeignLinkProps) {
  const address = URL.parse(url);
  if (!address || !['http:', 'https:'].includes(address.protocol)) return <span className={className}>{url}</span>;
  return (
    <a href={address.href} className={className} rel="noopener noreferrer nofollow" target="_blank">
      {shortAddress(url)}
      <span className="hidden-text"> (opens the app in a new tab)</span>
    </a>
  );
}

/** Without scheme and closing slash: what tells one app from another. */
export const shortAddress = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');
