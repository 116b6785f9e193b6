import { shortAddress, webPageAt } from './foreign-address.js';

interface ForeignLinkProps {
  url: string;
  className?: string | undefined;
}

/** An address that somebody submitted: a link only when it leads to a web page, else plain text. */
export function ForeignLink({ url, className }: ForeignLinkProps) {
  const address = webPageAt(url);
  if (!address) return <span className={className}>{url}</span>;
  return (
    <a href={address} className={className} rel="noopener noreferrer nofollow" target="_blank">
      {shortAddress(url)}
      <span className="hidden-text"> (opens the app in a new tab)</span>
    </a>
  );
}
